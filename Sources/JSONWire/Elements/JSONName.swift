/// The name of a member, kept as the bytes a look-up compares with.
///
/// Names are equal when their UTF-8 is: RFC 8259, 8.3, compares code units, Swift's `String` does not.
package struct JSONName: Sendable, Hashable {
    /// The name's UTF-8.
    package let bytes: [UInt8]

    /// Makes a name from its text.
    package init(_ text: String) {
        bytes = [UInt8](text.utf8)
    }

    /// The name as text.
    package var text: String { String(decoding: bytes, as: UTF8.self) }
}
