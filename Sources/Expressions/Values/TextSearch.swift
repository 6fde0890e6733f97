/// Finds bytes in bytes in linear time, whatever they are (Knuth, Morris and Pratt).
enum TextSearch {
    /// Whether the bytes occur somewhere in the text; no bytes occur everywhere.
    ///
    /// - Complexity: O(`text.count` + `part.count`).
    static func contains(_ text: [UInt8], _ part: [UInt8]) -> Bool {
        if part.isEmpty { return true }
        if part.count > text.count { return false }
        let fallbacks = fallbacks(of: part)
        var matchedCount = 0
        for byte in text {
            while matchedCount > 0, part[matchedCount] != byte {
                matchedCount = fallbacks[matchedCount - 1]
            }
            if part[matchedCount] == byte { matchedCount += 1 }
            if matchedCount == part.count { return true }
        }
        return false
    }

    /// For every prefix, the length of the longest shorter prefix that it ends with.
    private static func fallbacks(of part: [UInt8]) -> [Int] {
        var fallbacks = [Int](repeating: 0, count: part.count)
        var length = 0
        for place in 1..<max(part.count, 1) {
            while length > 0, part[length] != part[place] { length = fallbacks[length - 1] }
            if part[length] == part[place] { length += 1 }
            fallbacks[place] = length
        }
        return fallbacks
    }
}
