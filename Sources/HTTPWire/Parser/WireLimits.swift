/// The bounds of a request's head.
package struct WireLimits: Sendable, Hashable {
    /// Bytes of the request line up to the end of the target; beyond it 414.
    package var requestLineBytesMax: Int
    /// Bytes of the header section, and of chunk extensions and trailers together; beyond it 431.
    package var headerBytesMax: Int
    /// Header fields, and trailer fields; beyond it 431.
    package var fieldsMax: Int

    /// Makes the bounds; without arguments the defaults.
    package init(
        requestLineBytesMax: Int = 8 << 10,
        headerBytesMax: Int = 16 << 10,
        fieldsMax: Int = 100
    ) {
        self.requestLineBytesMax = requestLineBytesMax
        self.headerBytesMax = headerBytesMax
        self.fieldsMax = fieldsMax
    }
}
