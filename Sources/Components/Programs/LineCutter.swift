/// Cuts bytes that come in pieces into lines, each up to a bound; what is over it is cut into further lines.
struct LineCutter {
    private let bytesMax: Int
    private var rest: [UInt8] = []

    /// Makes a cutter without a beginning of a line.
    init(bytesMax: Int) {
        self.bytesMax = bytesMax
    }

    /// The lines that these bytes end; empty ones are left out.
    mutating func cut(_ bytes: [UInt8]) -> [String] {
        var lines: [String] = []
        for byte in bytes {
            if byte == UInt8(ascii: "\n") || rest.count >= bytesMax { end(&lines) }
            if byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r") { rest.append(byte) }
        }
        return lines
    }

    private mutating func end(_ lines: inout [String]) {
        if !rest.isEmpty { lines.append(String(decoding: rest, as: UTF8.self)) }
        rest.removeAll(keepingCapacity: true)
    }
}
