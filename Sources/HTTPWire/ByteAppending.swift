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
        let words: [4 of UInt64] = [
            HexWord.digits(UInt32(truncatingIfNeeded: uuid.high >> 32)),
            HexWord.digits(UInt32(truncatingIfNeeded: uuid.high)),
            HexWord.digits(UInt32(truncatingIfNeeded: uuid.low >> 32)),
            HexWord.digits(UInt32(truncatingIfNeeded: uuid.low)),
        ]
        var text: [36 of UInt8] = .init(repeating: UInt8(ascii: "-"))
        var place = 0
        for index in 0..<32 {
            if index == 8 || index == 12 || index == 16 || index == 20 { place += 1 }
            let shift = UInt64(56 - index % 8 * 8)
            text[place] = UInt8(truncatingIfNeeded: words[index / 8] >> shift)
            place += 1
        }
        let span = text.span
        unsafe span.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
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
