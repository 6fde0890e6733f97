extension TimeZone {
    /// How large a file may be; those of the time zone database have up to 4 KiB.
    package static let fileBytesMax = 64 << 10

    /// Reads a compiled time zone (TZif of any version, RFC 8536); nil where the bytes are none.
    ///
    /// Zones that count leap seconds are refused: our time, like POSIX's, has none.
    package init?(file bytes: [UInt8]) {
        guard bytes.count <= Self.fileBytesMax,
            let old = ZoneBlock(bytes, at: 0, numberSize: 4), let version = old.version
        else { return nil }
        guard version >= UInt8(ascii: "2") else {
            self.init(old, bytes, rule: nil)
            return
        }
        guard let block = ZoneBlock(bytes, at: old.end, numberSize: 8), block.version != nil
        else { return nil }
        let footer = bytes[block.end...]
        guard footer.first == UInt8(ascii: "\n"),
            let end = footer.dropFirst().firstIndex(of: UInt8(ascii: "\n"))
        else { return nil }
        let text = String(decoding: footer[(block.end + 1)..<end], as: UTF8.self)
        let rule = ZoneRule(text)
        guard text.isEmpty || rule != nil else { return nil }
        self.init(block, bytes, rule: rule)
    }

    private init?(_ block: ZoneBlock, _ bytes: [UInt8], rule: ZoneRule?) {
        guard block.leapCount == 0, let first = block.offset(0, bytes) else { return nil }
        var changes: [Change] = []
        for index in 0..<block.timeCount {
            let from = block.time(index, bytes)
            guard let offset = block.offset(block.type(index, bytes), bytes),
                from > changes.last?.from ?? .min
            else { return nil }
            changes.append(Change(from: from, offset: offset))
        }
        self.init(changes: changes, first: first, rule: rule)
    }
}

/// Where the parts of one data block of a TZif file lie.
private struct ZoneBlock {
    let version: UInt8?
    let timeCount: Int
    let leapCount: Int
    /// Behind the block.
    let end: Int
    private let typeCount: Int
    private let numberSize: Int
    private let times: Int
    private let types: Int
    private let records: Int

    private static let headerSize = 44

    /// Measures the block whose header begins at `start`; nil where it does not fit into the bytes.
    init?(_ bytes: [UInt8], at start: Int, numberSize: Int) {
        guard bytes.count - start >= Self.headerSize,
            bytes[start..<(start + 4)].elementsEqual("TZif".utf8)
        else { return nil }
        version = bytes[start + 4]
        let counts = (0..<6).map { Int(Self.number(bytes, at: start + 20 + $0 * 4, size: 4)) }
        guard counts.allSatisfy({ (0...TimeZone.fileBytesMax).contains($0) }) else { return nil }
        leapCount = counts[2]
        timeCount = counts[3]
        typeCount = counts[4]
        self.numberSize = numberSize
        times = start + Self.headerSize
        types = times + timeCount * numberSize
        records = types + timeCount
        let names = records + typeCount * 6
        end = names + counts[5] + leapCount * (numberSize + 4) + counts[1] + counts[0]
        guard end <= bytes.count else { return nil }
    }

    /// The moment of a change.
    func time(_ index: Int, _ bytes: [UInt8]) -> Int64 {
        Self.number(bytes, at: times + index * numberSize, size: numberSize)
    }

    /// The kind of time that counts from a change on.
    func type(_ index: Int, _ bytes: [UInt8]) -> Int {
        Int(bytes[types + index])
    }

    /// The offset of a kind of time; nil where there is no such kind or it is beyond what clocks have.
    func offset(_ type: Int, _ bytes: [UInt8]) -> Int64? {
        guard type < typeCount else { return nil }
        let offset = Self.number(bytes, at: records + type * 6, size: 4)
        return abs(offset) < 100_000 ? offset : nil
    }

    /// A signed number, its highest byte first.
    private static func number(_ bytes: [UInt8], at start: Int, size: Int) -> Int64 {
        var value: UInt64 = bytes[start] >= 128 ? .max : 0
        for byte in bytes[start..<(start + size)] { value = value << 8 | UInt64(byte) }
        return Int64(bitPattern: value)
    }
}
