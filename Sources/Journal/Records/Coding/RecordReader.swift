internal import JSONWire
package import Primitives

/// Reads what ``RecordWriter`` wrote, from bytes that may be damaged: every read checks its bounds.
@usableFromInline
package struct RecordReader {
    /// Why a record cannot be read.
    @usableFromInline
    package struct Damage: Error, Hashable {
        /// What was being read.
        package let reason: String

        /// Says what was being read.
        @usableFromInline
        package init(reason: String) {
            self.reason = reason
        }
    }

    /// What is read, and what may stand beside it.
    @usableFromInline package let bytes: [UInt8]
    /// Where the next field begins.
    @usableFromInline var position: Int
    /// Where what is read ends.
    @usableFromInline let end: Int

    /// How deep the values of runs may be: deeper than what comes in, because runs put values into values.
    private static let depthMax = 65_536

    /// Reads all the bytes.
    package init(_ bytes: [UInt8]) {
        self.init(bytes, bytes.indices)
    }

    /// Reads some of the bytes.
    package init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        position = range.lowerBound
        end = range.upperBound
    }

    /// Where the next field begins.
    @inlinable package var offset: Int { position }

    /// What is left to be read.
    package var rest: ArraySlice<UInt8> { bytes[offset..<end] }

    /// Whether everything was read.
    package var isAtEnd: Bool { offset == end }

    /// The next byte, which stays the next; nil at the end.
    package var peek: UInt8? { offset < end ? bytes[offset] : nil }

    /// Goes over bytes.
    @inlinable
    package mutating func skip(_ count: Int) throws(Damage) {
        guard end - offset >= count else { throw Damage(reason: "it ends too early") }
        position += count
    }

    /// One byte.
    @inlinable
    package mutating func byte() throws(Damage) -> UInt8 {
        guard offset < end else { throw Damage(reason: "it ends too early") }
        defer { position += 1 }
        return bytes[offset]
    }

    /// True or false.
    @inlinable
    package mutating func flag() throws(Damage) -> Bool {
        try byte() != 0
    }

    /// A number; most have one byte.
    @inlinable
    @inline(__always)
    package mutating func number() throws(Damage) -> UInt64 {
        guard offset < end, bytes[offset] < 0x80 else { return try longNumber() }
        defer { position += 1 }
        return UInt64(bytes[offset])
    }

    @usableFromInline
    mutating func longNumber() throws(Damage) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while shift < 64 {
            let part = try byte()
            value |= UInt64(part & 0x7F) << shift
            if part & 0x80 == 0 { return value }
            shift += 7
        }
        throw Damage(reason: "a number is too long")
    }

    /// A number that may be negative.
    package mutating func signed() throws(Damage) -> Int64 {
        let value = try number()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    /// A number that may be negative, of this machine's width.
    package mutating func integer() throws(Damage) -> Int {
        Int(clamping: try signed())
    }

    /// Eight bytes.
    mutating func word() throws(Damage) -> UInt64 {
        guard end - offset >= 8 else { throw Damage(reason: "it ends too early") }
        defer { position += 8 }
        return bytes.span.word(at: offset)
    }

    /// An id.
    package mutating func id() throws(Damage) -> UUIDv7 {
        let high = try word()
        return UUIDv7(high: high, low: try word())
    }

    /// A fingerprint.
    package mutating func fingerprint() throws(Damage) -> Fingerprint {
        let high = try word()
        return Fingerprint(high: high, low: try word())
    }

    /// A moment.
    package mutating func time() throws(Damage) -> WallTime {
        WallTime(milliseconds: try signed())
    }

    /// Bytes with their length.
    package mutating func blob() throws(Damage) -> [UInt8] {
        Array(bytes[try blobRange()])
    }

    /// Where bytes with their length lie.
    package mutating func blobRange() throws(Damage) -> Range<Int> {
        let count = try number()
        guard count <= UInt64(end - offset) else {
            throw Damage(reason: "a text is longer than the record")
        }
        let start = offset
        position += Int(clamping: count)
        return start..<offset
    }

    /// Text with its length.
    package mutating func text() throws(Damage) -> String {
        String(decoding: try blob(), as: UTF8.self)
    }

    /// A value that was written as JSON text.
    mutating func json() throws(Damage) -> JSONValue {
        let text = try blob()
        do throws(JSONError) {
            return try JSONValue.parse(text, depthMax: Self.depthMax)
        } catch {
            throw Damage(reason: "a value is not JSON: \(error.message)")
        }
    }

    /// A value where there is one.
    @inlinable
    package mutating func optional<Value>(
        _ read: (inout RecordReader) throws(Damage) -> Value
    ) throws(Damage) -> Value? {
        try flag() ? try read(&self) : nil
    }

    /// A list.
    @inlinable
    package mutating func list<Value>(
        _ read: (inout RecordReader) throws(Damage) -> Value
    ) throws(Damage) -> [Value] {
        let count = try number()
        // Each element takes a byte at least: a damaged count cannot make this large.
        guard count <= UInt64(end - offset) else {
            throw Damage(reason: "a list is longer than the record")
        }
        var values: [Value] = []
        values.reserveCapacity(Int(clamping: count))
        for _ in 0..<count { values.append(try read(&self)) }
        return values
    }
}
