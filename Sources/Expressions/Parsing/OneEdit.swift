/// The smallest difference of two words.
enum OneEdit {
    /// Whether one inserted, missing, changed or swapped character turns one word into the other.
    static func separates(_ left: String, _ right: String) -> Bool {
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
}
