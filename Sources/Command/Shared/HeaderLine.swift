/// A header on a command line: `Name: value`.
struct HeaderLine {
    /// The name.
    let name: String
    /// The value, without the spaces round it.
    let value: String

    /// Reads a header; nil where there is no colon or no name.
    init?(_ line: String) {
        guard let colon = line.firstIndex(of: ":"), colon != line.startIndex else { return nil }
        name = String(line[..<colon])
        var value = line[line.index(after: colon)...]
        while value.hasPrefix(" ") { value.removeFirst() }
        while value.hasSuffix(" ") { value.removeLast() }
        self.value = String(value)
    }
}
