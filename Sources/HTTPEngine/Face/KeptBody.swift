internal import Primitives

/// The body of a request that is handled after its handler's call; its memory is used again afterwards.
///
/// On any thread.
package final class KeptBody: Sendable {
    /// The body.
    package let bytes: [UInt8]
    private let shelf: BodyShelf?

    init(_ bytes: [UInt8], shelf: BodyShelf?) {
        self.bytes = bytes
        self.shelf = shelf
    }

    deinit {
        shelf?.give(bytes, at: .now())
    }
}
