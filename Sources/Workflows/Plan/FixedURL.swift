package import Documents

/// The address of a request, as far as it is known at load.
package struct FixedURL: Sendable {
    /// The address, or the text it begins with where that can be no URL already.
    package let text: String
    /// Whether it is the whole address.
    package let isWhole: Bool
    /// Where it is written.
    package let position: SourcePosition
    /// The path of keys down to it.
    package let keyPath: String
}
