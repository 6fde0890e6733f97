/// The names of the log's files.
enum SegmentName {
    static let lock = "lock"
    private static let segmentPrefix = "segment-"
    private static let sparePrefix = "spare-"
    private static let suffix = ".log"

    /// The file of the segment with this number.
    static func segment(_ number: UInt64) -> String { segmentPrefix + digits(number) + suffix }

    /// The file that waits to become a segment.
    static func spare(_ number: UInt64) -> String { sparePrefix + digits(number) + suffix }

    /// The number of the segment in the file `name`; nil for any other file.
    static func segmentNumber(_ name: String) -> UInt64? { number(name, after: segmentPrefix) }

    /// The number of the spare file `name`; nil for any other file.
    static func spareNumber(_ name: String) -> UInt64? { number(name, after: sparePrefix) }

    private static func digits(_ number: UInt64) -> String {
        let text = String(number, radix: 16)
        return String(repeating: "0", count: max(0, 16 - text.utf8.count)) + text
    }

    private static func number(_ name: String, after prefix: String) -> UInt64? {
        guard name.hasPrefix(prefix), name.hasSuffix(suffix) else { return nil }
        let digits = name.dropFirst(prefix.utf8.count).dropLast(suffix.utf8.count)
        guard digits.utf8.count == 16 else { return nil }
        return UInt64(digits, radix: 16)
    }
}
