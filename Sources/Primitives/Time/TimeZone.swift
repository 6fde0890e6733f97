/// A time zone: how far its clocks were, are and will be from UTC.
///
/// All numbers are seconds; offsets count east of UTC.
package struct TimeZone: Sendable {
    /// A moment from which another offset counts.
    struct Change: Sendable {
        let from: Int64
        let offset: Int64
    }

    /// The changes that are on record, in order.
    let changes: [Change]
    /// What counts before the first of them.
    let first: Int64
    /// What counts after the last of them; nil where that goes on as it was.
    let rule: ZoneRule?

    /// Brings the parts together.
    init(changes: [Change], first: Int64, rule: ZoneRule?) {
        self.changes = changes
        self.first = first
        self.rule = rule
    }

    /// How far the clocks are from UTC at a moment (seconds since 1970).
    ///
    /// - Complexity: O(log n) for n changes on record.
    package func offset(at moment: Int64) -> Int64 {
        guard let start = changes.first, moment >= start.from else {
            return changes.isEmpty ? rule?.offset(at: moment) ?? first : first
        }
        var low = 0
        var high = changes.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if changes[middle].from <= moment { low = middle } else { high = middle }
        }
        if low == changes.count - 1, let rule { return rule.offset(at: moment) }
        return changes[low].offset
    }

    /// The moment at which the zone's clocks show a reading: its seconds since 1970 as if it were UTC.
    ///
    /// Where clocks are put back and show the reading twice, the first of the two; where they are put forward and skip
    /// it, the moment that the offset before the change gives, so that 02:30 of a skipped hour is 03:30.
    package func moment(showing reading: Int64) -> Int64 {
        let day = Int64(86_400)
        let before = offset(at: reading - day)
        let after = offset(at: reading + day)
        if offset(at: reading - before) == before { return reading - before }
        if offset(at: reading - after) == after { return reading - after }
        return reading - before
    }
}

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
