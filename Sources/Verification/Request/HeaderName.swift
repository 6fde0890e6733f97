/// The name of a header field, compared without regard to case (RFC 9110, 5.1).
package struct HeaderName: Sendable, Hashable {
    /// The name in lower case.
    package let text: String
    /// Its bytes.
    package let bytes: [UInt8]

    /// Makes a name from its text, in any case.
    package init(_ text: String) {
        bytes = text.utf8.map { $0 &- 65 < 26 ? $0 | 0x20 : $0 }
        self.text = String(decoding: bytes, as: UTF8.self)
    }

    /// Whether bytes are this name, in any case.
    package func matches(_ name: Span<UInt8>) -> Bool {
        guard name.count == bytes.count else { return false }
        for index in name.indices {
            let byte = name[index]
            if (byte &- 65 < 26 ? byte | 0x20 : byte) != bytes[index] { return false }
        }
        return true
    }

    /// Whether a text can be the name of a field (RFC 9110, 5.6.2).
    static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }
}
