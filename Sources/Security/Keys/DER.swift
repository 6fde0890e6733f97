/// The few forms of DER (X.690) in which keys and ECDSA signatures stand.
enum DER {
    /// A value with its tag and length in front.
    static func value(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        [tag] + length(content.count) + content
    }

    /// A sequence of values.
    static func sequence(_ parts: [UInt8]...) -> [UInt8] {
        value(0x30, parts.flatMap { $0 })
    }

    /// A whole number without sign, from its big-endian bytes.
    static func unsigned(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var digits = Array(bytes.drop { $0 == 0 })
        if digits.isEmpty { digits = [0] }
        if digits[0] >= 0x80 { digits.insert(0, at: 0) }
        return value(0x02, digits)
    }

    /// A string of whole bytes as a bit string.
    static func bits(_ bytes: [UInt8]) -> [UInt8] {
        value(0x03, [0] + bytes)
    }

    private static func length(_ count: Int) -> [UInt8] {
        if count < 0x80 { return [UInt8(truncatingIfNeeded: count)] }
        var digits: [UInt8] = []
        var left = count
        while left > 0 {
            digits.insert(UInt8(truncatingIfNeeded: left), at: 0)
            left >>= 8
        }
        return [0x80 | UInt8(truncatingIfNeeded: digits.count)] + digits
    }

    /// The two numbers of an ECDSA signature (RFC 3279, 2.2.3), each as long as asked for; nil for anything else.
    static func pair(_ bytes: [UInt8], byteCount: Int) -> [UInt8]? {
        var rest = bytes[...]
        guard let outer = take(0x30, from: &rest), rest.isEmpty else { return nil }
        var inner = outer
        guard let first = take(0x02, from: &inner), let second = take(0x02, from: &inner),
            inner.isEmpty, let left = padded(first, byteCount),
            let right = padded(second, byteCount)
        else { return nil }
        return left + right
    }

    private static func padded(_ number: ArraySlice<UInt8>, _ count: Int) -> [UInt8]? {
        let digits = number.drop { $0 == 0 }
        guard digits.count <= count else { return nil }
        return [UInt8](repeating: 0, count: count - digits.count) + digits
    }

    /// Takes a value of fewer than 128 bytes off the front.
    private static func take(
        _ tag: UInt8,
        from bytes: inout ArraySlice<UInt8>
    ) -> ArraySlice<UInt8>? {
        guard bytes.popFirst() == tag, let count = bytes.popFirst(), count < 0x80,
            bytes.count >= Int(count)
        else { return nil }
        let content = bytes.prefix(Int(count))
        bytes = bytes.dropFirst(Int(count))
        return content
    }
}
