package import Primitives

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
    mutating func append(upTo count: Int, _ write: (inout BytePen) -> Void) {
        append(addingCapacity: count) { span in
            unsafe span.withUnsafeMutableBufferPointer { buffer, written in
                var pen = unsafe BytePen(buffer)
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
