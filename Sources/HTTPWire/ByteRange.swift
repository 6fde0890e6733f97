/// A place in a message's head, in bytes from its first; limits keep a head far below 4 GiB.
struct ByteRange: Sendable, Equatable {
    /// The first byte's offset; `UInt32.max` while nothing is there.
    var start: UInt32
    /// The offset behind the last byte.
    var stop: UInt32

    /// No place.
    static let none = ByteRange(start: .max, stop: .max)

    init(start: UInt32, stop: UInt32) {
        self.start = start
        self.stop = stop
    }

    /// The place between two offsets of a head.
    init(_ start: Int, _ stop: Int) {
        self.start = UInt32(clamping: start)
        self.stop = UInt32(clamping: max(start, stop))
    }

    /// The place of some bytes of a head, whose offsets were compared with its bound.
    @inline(__always)
    init(within offset: Int, _ count: Int) {
        start = UInt32(truncatingIfNeeded: offset)
        stop = UInt32(truncatingIfNeeded: offset &+ count)
    }

    /// Whether anything, be it empty, was put here.
    var isSet: Bool { start != .max }

    /// The offset behind the last byte, for comparison with another offset.
    var end: Int { Int(stop) }

    /// The offset behind the last byte, 0 where nothing is there.
    var endOrZero: UInt32 { isSet ? stop : 0 }

    /// The bytes' count.
    var count: Int { Int(stop) - Int(start) }

    /// The place as a range of offsets.
    var range: Range<Int> { Int(start)..<max(Int(start), Int(stop)) }

    /// Begins here, or goes on behind what is there already.
    mutating func extend(from offset: Int, count: Int) {
        if !isSet { start = UInt32(clamping: offset) }
        stop = UInt32(clamping: offset + count)
    }
}

/// Where one header field lies in the head.
struct FieldRange: Sendable {
    /// The name, as it was written.
    var name = ByteRange.none
    /// The value, without the blanks round it once the head is checked.
    var value = ByteRange.none
}
