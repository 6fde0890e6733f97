internal import Documents

/// Where the bytes of a string of the configuration stand in its file.
struct TextMap: Sendable {
    /// The string's UTF-8.
    let bytes: [UInt8]
    private let start: SourcePosition
    /// The column of every byte, where characters are not bytes; empty where they are.
    private let columns: [Int]
    private let firstColumn: Int?

    /// Maps a scalar's text; of one that is not written as one line, every byte stands where the scalar begins.
    init(_ text: String, of node: Node) {
        bytes = Array(text.utf8)
        start = node.position
        firstColumn = node.textStartsAtColumn
        guard let first = firstColumn, bytes.contains(where: { $0 >= 0x80 }) else {
            columns = []
            return
        }
        var column = first - 1
        columns = bytes.map { byte in
            if byte & 0xC0 != 0x80 { column += 1 }
            return column
        }
    }

    /// The place of a byte, or of the text's end.
    func position(at offset: Int) -> SourcePosition {
        guard let firstColumn else { return start }
        var position = start
        if columns.isEmpty {
            position.column = firstColumn + offset
        } else if columns.indices.contains(offset) {
            position.column = columns[offset]
        } else {
            position.column = (columns.last ?? firstColumn) + 1
        }
        return position
    }

    /// How many characters a range of bytes is; at least 1, and 1 where the text has no columns.
    func length(_ range: Range<Int>) -> Int {
        guard firstColumn != nil else { return 1 }
        let range = range.clamped(to: 0..<bytes.count)
        return max(1, bytes[range].reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) })
    }

    /// The text of a range of bytes.
    func text(_ range: Range<Int>) -> String {
        String(decoding: bytes[range.clamped(to: 0..<bytes.count)], as: UTF8.self)
    }
}
