/// Finds bytes in bytes in linear time, whatever they are (Knuth, Morris and Pratt).
enum TextSearch {
    /// Whether the bytes occur somewhere in the text; no bytes occur everywhere.
    ///
    /// - Complexity: O(`text.count` + `part.count`).
    static func contains(_ text: [UInt8], _ part: [UInt8]) -> Bool {
        if part.isEmpty { return true }
        var isFound = false
        search(part, in: text) { _ in
            isFound = true
            return false
        }
        return isFound
    }

    /// Where the bytes begin in the text, from the first on, without those that overlap one before; nowhere for no bytes.
    ///
    /// - Complexity: O(`text.count` + `part.count`).
    static func places(of part: [UInt8], in text: [UInt8]) -> [Int] {
        var places: [Int] = []
        search(part, in: text) { place in
            places.append(place)
            return true
        }
        return places
    }

    /// Calls a closure with every place until it returns false.
    private static func search(_ part: [UInt8], in text: [UInt8], _ found: (Int) -> Bool) {
        if part.isEmpty || part.count > text.count { return }
        let fallbacks = fallbacks(of: part)
        var matchedCount = 0
        for (place, byte) in text.enumerated() {
            while matchedCount > 0, part[matchedCount] != byte {
                matchedCount = fallbacks[matchedCount - 1]
            }
            if part[matchedCount] == byte { matchedCount += 1 }
            if matchedCount == part.count {
                guard found(place + 1 - part.count) else { return }
                matchedCount = 0
            }
        }
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
