internal import Primitives

/// What percent-encoding a request target may have.
enum Percent {
    /// Whether the bytes, decoded, are valid UTF-8 without NUL and every escape is whole.
    static func isValid(_ bytes: Span<UInt8>) -> Bool {
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%") {
                guard PercentCode.escape(bytes, at: index) != nil else { return false }
                index += 3
            } else {
                index += 1
            }
        }
        let decoded = PercentCode.decodeBytes(bytes, plusIsSpace: false)
        for byte in decoded where byte == 0 { return false }
        return String(validating: decoded, as: UTF8.self) != nil
    }
}

/// Questions about single bytes of a head.
enum ASCII {
    /// The byte in lower case where it is a letter A to Z.
    @inline(__always)
    static func lowercased(_ byte: UInt8) -> UInt8 {
        byte >= 65 && byte <= 90 ? byte | 0x20 : byte
    }

    /// The value of a hexadecimal digit.
    @inline(__always)
    static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 48...57: byte - 48
        case 65...70: byte - 55
        case 97...102: byte - 87
        default: nil
        }
    }

    /// Whether the byte is a space or a tab.
    @inline(__always)
    static func isBlank(_ byte: UInt8) -> Bool {
        byte == 32 || byte == 9
    }

    /// Whether the byte may stand in a token (RFC 9110, 5.6.2).
    static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122: true
        case 33, 35...39, 42, 43, 45, 46, 94, 95, 96, 124, 126: true
        default: false
        }
    }

    /// Whether the bytes are `word`, which is in lower case, without regard to case.
    static func equals(_ bytes: Span<UInt8>, _ word: StaticString) -> Bool {
        guard bytes.count == word.utf8CodeUnitCount, word.hasPointerRepresentation else {
            return false
        }
        for index in bytes.indices {
            guard unsafe lowercased(bytes[index]) == word.utf8Start[index] else { return false }
        }
        return true
    }
}
