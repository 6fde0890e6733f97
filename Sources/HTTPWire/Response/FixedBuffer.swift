package import Primitives

/// Writes into memory whose size was worked out before; what does not fit is a mistake of the program and stops it.
@safe struct FixedBuffer {
    private var place: UnsafeMutablePointer<UInt8>
    private var room: Int

    /// Writes into a buffer from its beginning.
    init(_ buffer: UnsafeMutableBufferPointer<UInt8>) {
        guard let base = buffer.baseAddress else { preconditionFailure("a pen without memory") }
        unsafe place = base
        room = buffer.count
    }

    /// How many bytes are not written yet.
    var left: Int { room }

    /// Writes text that is fixed at compile time.
    @inline(__always)
    mutating func put(fixed text: StaticString) {
        unsafe put(text.utf8Start, text.utf8CodeUnitCount)
    }

    /// Writes bytes.
    @inline(__always)
    mutating func put(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { buffer in
            if let base = buffer.baseAddress { unsafe put(base, buffer.count) }
        }
    }

    /// Writes a number, at least 0, in decimal digits.
    mutating func put(decimal number: Int) {
        var divisor = 1
        while number / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            var digit = 48 + UInt8(truncatingIfNeeded: number / divisor % 10)
            unsafe put(&digit, 1)
            divisor /= 10
        }
    }

    /// Writes the 36 characters of an identifier.
    @inline(__always)
    mutating func put(uuid: UUIDv7) {
        precondition(room >= 36, "a pen is out of memory")
        let first = HexWord.digits(UInt32(truncatingIfNeeded: uuid.high >> 32))
        let second = HexWord.digits(UInt32(truncatingIfNeeded: uuid.high))
        let third = HexWord.digits(UInt32(truncatingIfNeeded: uuid.low >> 32))
        let fourth = HexWord.digits(UInt32(truncatingIfNeeded: uuid.low))
        store(first.bigEndian, at: 0)
        store(UInt32(truncatingIfNeeded: second >> 32).bigEndian, at: 9)
        store(UInt32(truncatingIfNeeded: second).bigEndian, at: 14)
        store(UInt32(truncatingIfNeeded: third >> 32).bigEndian, at: 19)
        store(UInt32(truncatingIfNeeded: third).bigEndian, at: 24)
        store(fourth.bigEndian, at: 28)
        for hyphen in 0..<4 { unsafe place[8 + 5 * hyphen] = UInt8(ascii: "-") }
        unsafe place += 36
        room -= 36
    }

    @inline(__always)
    private func store<Word: FixedWidthInteger>(_ word: Word, at offset: Int) {
        unsafe UnsafeMutableRawPointer(place).storeBytes(
            of: word,
            toByteOffset: offset,
            as: Word.self
        )
    }

    @inline(__always)
    private mutating func put(_ bytes: UnsafePointer<UInt8>, _ count: Int) {
        precondition(count <= room, "a pen is out of memory")
        unsafe place.update(from: bytes, count: count)
        unsafe place += count
        room -= count
    }
}

extension [UInt8] {
    /// Appends text that is fixed at compile time.
    @inline(__always)
    mutating func append(fixed text: StaticString) {
        guard text.hasPointerRepresentation else { return }
        // A static string's bytes live for ever.
        unsafe append(
            contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        )
    }

    /// Appends a number in decimal digits; negative ones as 0.
    mutating func append(decimal number: Int) {
        var rest = Swift.max(0, number)
        var divisor = 1
        while rest / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            append(48 + UInt8(truncatingIfNeeded: rest / divisor))
            rest %= divisor
            divisor /= 10
        }
    }

    /// Appends a number below 100 as two digits.
    mutating func append(twoDigits number: Int64) {
        append(48 + UInt8(truncatingIfNeeded: number / 10 % 10))
        append(48 + UInt8(truncatingIfNeeded: number % 10))
    }

    /// Appends the 36 characters of an identifier.
    package mutating func append(uuid: UUIDv7) {
        append(upTo: 36) { $0.put(uuid: uuid) }
    }

    /// Appends what is written into memory for `count` bytes.
    @inline(__always)
    mutating func append(upTo count: Int, _ write: (inout FixedBuffer) -> Void) {
        append(addingCapacity: count) { span in
            unsafe span.withUnsafeMutableBufferPointer { buffer, written in
                var pen = unsafe FixedBuffer(buffer)
                let room = pen.left
                write(&pen)
                written += room - pen.left
            }
        }
    }

    /// Appends bytes of a span.
    package mutating func append(bytes: RawSpan) {
        unsafe bytes.withUnsafeBytes { unsafe append(contentsOf: $0) }
    }

    /// Shows the array as raw bytes, for code that may not touch memory itself.
    package func withRawSpan<Result, Failure: Error>(
        _ look: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        // The bytes are initialised: they are UInt8.
        try look(unsafe span.bytes)
    }
}
