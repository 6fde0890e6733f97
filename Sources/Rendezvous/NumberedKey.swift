/// A key of a wait, and the journal number under which the wait was given it.
///
/// Of several waits for one key the one that was given it first gets the first callback.
package struct NumberedKey: Hashable, Sendable {
    /// The key.
    package let key: WaitKey
    /// When the wait was given it.
    package let number: UInt64

    /// Makes a key with its number.
    package init(_ key: WaitKey, _ number: UInt64) {
        self.key = key
        self.number = number
    }
}
