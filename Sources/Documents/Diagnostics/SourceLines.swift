/// A text as lines of characters, for columns and for quoting lines in messages.
///
/// Lines end where YAML 1.1 ends them: CR LF, CR, LF, NEL, LS, PS.
struct SourceLines {
    private let bytes: [UInt8]
    /// Where each line begins.
    private var starts: [Int] = [0]
    /// The line decoded last, because neighbours are asked for in turn.
    private var decoded: (line: Int, characters: [Unicode.Scalar])?

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        for index in bytes.indices where Self.endsLine(bytes, at: index) {
            starts.append(index + 1)
        }
    }

    /// The characters of a line from 0, without its end; empty beyond the last.
    mutating func characters(ofLine line: Int) -> [Unicode.Scalar] {
        if let decoded, decoded.line == line { return decoded.characters }
        guard starts.indices.contains(line) else { return [] }
        let end = line + 1 < starts.count ? starts[line + 1] : bytes.count
        var characters = Array(
            String(decoding: bytes[starts[line]..<end], as: UTF8.self).unicodeScalars
        )
        while let last = characters.last, Self.isBreak(last) { characters.removeLast() }
        decoded = (line, characters)
        return characters
    }

    /// Line and column, from 1, of a byte of the text; bytes beyond it count as its end.
    func position(ofByte offset: Int, file: String) -> SourcePosition {
        let offset = min(max(offset, 0), bytes.count)
        let line = starts.partitioningIndex { $0 > offset } - 1
        let start = starts[line]
        let before = String(decoding: bytes[start..<offset], as: UTF8.self)
        return SourcePosition(
            file: file,
            line: line + 1,
            column: before.unicodeScalars.count + 1
        )
    }

    private static func endsLine(_ bytes: [UInt8], at index: Int) -> Bool {
        switch bytes[index] {
        case 0x0A: true
        case 0x0D: index + 1 >= bytes.count || bytes[index + 1] != 0x0A
        case 0x85: index >= 1 && bytes[index - 1] == 0xC2
        case 0xA8, 0xA9: index >= 2 && bytes[index - 1] == 0x80 && bytes[index - 2] == 0xE2
        default: false
        }
    }

    private static func isBreak(_ character: Unicode.Scalar) -> Bool {
        switch character.value {
        case 0x0A, 0x0D, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }
}

extension Array where Element == Int {
    /// The first index whose element makes `isAfter` true, in an array sorted by it.
    fileprivate func partitioningIndex(_ isAfter: (Int) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = low + (high - low) / 2
            if isAfter(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
