internal import CPrimitives

/// A time-ordered identifier (RFC 9562, 5.7): 48 bits of milliseconds, 74 random bits.
@usableFromInline
package struct UUIDv7: Sendable, Hashable, Comparable {
    /// The first eight bytes, most significant first: the time, the version and 12 random bits.
    @usableFromInline package let high: UInt64
    /// The last eight bytes: the variant and 62 random bits.
    @usableFromInline package let low: UInt64

    /// Makes an identifier from its two halves as they stand; nothing is checked.
    @inlinable
    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Makes an identifier from its time and randomness; the version and variant bits are set here.
    ///
    /// - Parameters:
    ///   - time: The moment it is made for; only the low 48 bits of its milliseconds are kept.
    ///   - random: 128 random bits, of which 74 are used.
    @inlinable
    package init(time: WallTime, random: (UInt64, UInt64)) {
        let milliseconds = UInt64(bitPattern: time.milliseconds) & 0xFFFF_FFFF_FFFF
        high = milliseconds << 16 | 0x7000 | (random.0 & 0x0FFF)
        low = 0x8000_0000_0000_0000 | (random.1 >> 2)
    }

    /// A new identifier for the present moment with bits from the system's random source.
    package static func fresh(at time: WallTime = .now()) -> UUIDv7 {
        var source = SystemRandomNumberGenerator()
        return UUIDv7(time: time, random: (source.next(), source.next()))
    }

    /// Reads the 36-character text form; nil for anything that is not a UUID.
    package init?(text: String) {
        var halves: (UInt64, UInt64) = (0, 0)
        var digits = 0
        for (position, byte) in text.utf8.enumerated() {
            if position == 8 || position == 13 || position == 18 || position == 23 {
                guard byte == UInt8(ascii: "-") else { return nil }
                continue
            }
            guard let digit = Self.hexDigit(byte), digits < 32 else { return nil }
            if digits < 16 {
                halves.0 = halves.0 << 4 | digit
            } else {
                halves.1 = halves.1 << 4 | digit
            }
            digits += 1
        }
        guard digits == 32, text.utf8.count == 36 else { return nil }
        (high, low) = halves
    }

    /// The identifiers whose text begins so: `01a1fd8c-69`; nil for a text that no identifier begins with.
    package static func range(prefix: String) -> ClosedRange<UUIDv7>? {
        guard (1...36).contains(prefix.utf8.count) else { return nil }
        let form = Array("00000000-0000-0000-0000-000000000000".utf8)
        let text = Array(prefix.utf8)
        func filled(_ digit: UInt8) -> UUIDv7? {
            let rest = form[text.count...].map { $0 == UInt8(ascii: "-") ? $0 : digit }
            return UUIDv7(text: String(decoding: text + rest, as: UTF8.self))
        }
        guard let first = filled(UInt8(ascii: "0")), let last = filled(UInt8(ascii: "f")) else {
            return nil
        }
        return first...last
    }

    /// The next identifier in order; the last one for itself.
    package var successor: UUIDv7 {
        if low < .max { return UUIDv7(high: high, low: low + 1) }
        return high < .max ? UUIDv7(high: high + 1, low: 0) : self
    }

    /// The 36-character lower-case text form.
    package var text: String {
        unsafe String(unsafeUninitializedCapacity: 36) { bytes in
            var place = 0
            var half = high
            // 32 digits and four dashes: what there is room for.
            for index in 0..<32 {
                if index == 16 { half = low }
                if index == 8 || index == 12 || index == 16 || index == 20 {
                    unsafe bytes[place] = UInt8(ascii: "-")
                    place &+= 1
                }
                let digit = UInt8(truncatingIfNeeded: half >> 60)
                unsafe bytes[place] = digit &+ (digit < 10 ? 48 : 87)
                place &+= 1
                half <<= 4
            }
            return place
        }
    }

    @inlinable
    package static func < (left: UUIDv7, right: UUIDv7) -> Bool {
        left.high == right.high ? left.low < right.low : left.high < right.high
    }

    private static func hexDigit(_ byte: UInt8) -> UInt64? {
        switch byte {
        case 48...57: UInt64(byte - 48)
        case 97...102: UInt64(byte - 87)
        case 65...70: UInt64(byte - 55)
        default: nil
        }
    }
}

/// The lower-case text form of a UUID, packed to its 16 bytes.
package enum UUIDDigits {
    /// The 16 bytes of a text in exactly the form `UUIDv7.text` writes, the first one lowest; nil for any other text.
    package static func pack(_ text: Span<UInt8>) -> (UInt64, UInt64)? {
        guard text.count == 36 else { return nil }
        var first: UInt64 = 0
        var second: UInt64 = 0
        let isPacked = unsafe text.withUnsafeBufferPointer { buffer in
            // 36 bytes are there by the line above.
            unsafe sluice_uuid_pack(buffer.baseAddress, &first, &second)
        }
        return isPacked ? (first, second) : nil
    }
}
