/// Finds what somebody meant who wrote a word that does not exist.
enum Nearest {
    /// Whether one inserted, missing, changed or swapped character turns one word into the other.
    static func isOneEdit(_ left: String, _ right: String) -> Bool {
        let (left, right) = (Array(left.utf8), Array(right.utf8))
        if left == right || abs(left.count - right.count) > 1 { return false }
        let prefixCount = zip(left, right).prefix { $0 == $1 }.count
        let (restLeft, restRight) = (left.dropFirst(prefixCount), right.dropFirst(prefixCount))
        if restLeft.dropFirst() == restRight.dropFirst() { return true }
        if restLeft.dropFirst() == restRight || restLeft == restRight.dropFirst() { return true }
        return restLeft.count >= 2 && restLeft.count == restRight.count
            && restLeft.first == restRight.dropFirst().first
            && restLeft.dropFirst().first == restRight.first
            && restLeft.dropFirst(2) == restRight.dropFirst(2)
    }

    /// The word nearest to another one, where it is near enough to be meant: a third of its letters may differ.
    static func suggestion(for word: String, among words: [String]) -> String? {
        let lowered = word.lowercased()
        let ranked = words.map { (word: $0, distance: distance(lowered, $0.lowercased())) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
        return best.distance <= max(1, best.word.utf8.count / 3) ? best.word : nil
    }

    /// How many characters must be inserted, taken out, changed or swapped with their neighbour to turn one word into the
    /// other; words longer than 64 bytes are far from everything.
    private static func distance(_ left: String, _ right: String) -> Int {
        let (left, right) = (Array(left.utf8), Array(right.utf8))
        guard left.count <= 64, right.count <= 64 else { return 64 }
        var rows = [Array(0...right.count)]
        for (i, byte) in left.enumerated() {
            var row = [i + 1]
            for (j, other) in right.enumerated() {
                let substituted = rows[i][j] + (byte == other ? 0 : 1)
                var least = min(substituted, rows[i][j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, byte == right[j - 1], other == left[i - 1] {
                    least = min(least, rows[i - 1][j - 1] + 1)
                }
                row.append(least)
            }
            rows.append(row)
        }
        return rows[left.count][right.count]
    }
}
