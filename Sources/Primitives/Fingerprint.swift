/// 128 bits that stand for a text: equal texts have equal fingerprints, and unequal ones practically never.
@usableFromInline
package struct Fingerprint: Hashable, Sendable {
    /// The first eight bytes.
    @usableFromInline package let high: UInt64
    /// The last eight bytes.
    @usableFromInline package let low: UInt64

    /// Makes a fingerprint of its halves.
    @inlinable
    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
}
