internal import JSONWire
package import Primitives

/// Writes the fields of a journal record one after the other: numbers as varints, texts with their length.
@usableFromInline
package struct RecordWriter {
    /// What was written.
    package private(set) var bytes: [UInt8]

    /// Goes on behind `bytes`.
    package init(appendingTo bytes: consuming [UInt8] = []) {
        self.bytes = bytes
    }

    /// Forgets what was written, and keeps the room for more.
    package mutating func clear() {
        bytes.removeAll(keepingCapacity: true)
    }

    /// Takes a part out again.
    package mutating func remove(_ range: Range<Int>) {
        bytes.removeSubrange(range)
    }

    /// Writes bytes that are fields already.
    package mutating func raw(_ fields: ArraySlice<UInt8>) {
        bytes.append(fields.span)
    }

    /// Writes bytes that are fields already.
    mutating func raw(_ fields: [UInt8]) {
        bytes.append(fields.span)
    }

    /// Writes one byte.
    package mutating func byte(_ value: UInt8) {
        bytes.append(value)
    }

    /// Writes true or false.
    @usableFromInline
    package mutating func flag(_ value: Bool) {
        bytes.append(value ? 1 : 0)
    }

    /// Writes a number, seven bits a byte, the low ones first.
    @inline(__always)
    package mutating func number(_ value: UInt64) {
        if value < 0x80 { return bytes.append(UInt8(truncatingIfNeeded: value)) }
        longNumber(value)
    }

    private mutating func longNumber(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// How many bytes a number takes.
    package static func size(of value: UInt64) -> Int {
        max(1, (UInt64.bitWidth - value.leadingZeroBitCount + 6) / 7)
    }

    /// Writes a number that may be negative: zigzag, so that small ones are short.
    package mutating func signed(_ value: Int64) {
        number(UInt64(bitPattern: value << 1 ^ value >> 63))
    }

    /// Writes a number that may be negative.
    mutating func signed(_ value: Int) {
        signed(Int64(value))
    }

    /// Writes eight bytes as they are, for numbers that are random.
    package mutating func word(_ value: UInt64) {
        bytes.append(littleEndian: value)
    }

    /// Writes an id: 16 bytes.
    package mutating func id(_ value: UUIDv7) {
        word(value.high)
        word(value.low)
    }

    /// Writes a fingerprint: 16 bytes.
    package mutating func fingerprint(_ value: Fingerprint) {
        word(value.high)
        word(value.low)
    }

    /// Writes a moment.
    package mutating func time(_ value: WallTime) {
        signed(value.milliseconds)
    }

    /// Writes bytes with their length.
    package mutating func blob(_ value: [UInt8]) {
        number(UInt64(value.count))
        bytes.append(value.span)
    }

    /// Writes bytes with their length.
    package mutating func blob(_ value: ArraySlice<UInt8>) {
        number(UInt64(value.count))
        bytes.append(value.span)
    }

    /// Writes bytes with their length.
    mutating func blob(_ value: Span<UInt8>) {
        number(UInt64(value.count))
        bytes.append(value)
    }

    /// Writes text with its length.
    mutating func text(_ value: String) {
        var value = value
        value.makeContiguousUTF8()
        number(UInt64(value.utf8.count))
        bytes.append(value.utf8.span)
    }

    /// Writes a value as JSON text with its length.
    mutating func json(_ value: JSONValue) {
        blob(value.jsonBytes)
    }

    /// Writes whether there is a value, and the value.
    @inlinable
    package mutating func optional<Value>(
        _ value: Value?,
        _ write: (inout RecordWriter, Value) -> Void
    ) {
        flag(value != nil)
        if let value { write(&self, value) }
    }

    /// Writes a list with its count.
    mutating func list<Value>(_ values: [Value], _ write: (inout RecordWriter, Value) -> Void) {
        number(UInt64(values.count))
        for value in values { write(&self, value) }
    }
}
