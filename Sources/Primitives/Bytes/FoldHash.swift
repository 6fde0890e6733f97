/// A keyed hash by folded multiplication: the two halves of a 128-bit product, one laid over the other.
///
/// One multiplication for sixteen bytes and lane, where SipHash takes some sixty instructions. Who does not know the key
/// cannot choose texts whose hashes collide; it is no code that authenticates (docs/decisions/0005-keyed-hashes.md).
/// Stores keep its fingerprints: what it yields never changes.
@usableFromInline
package struct FoldHash: Sendable {
    @usableFromInline let first: UInt64
    @usableFromInline let second: UInt64
    @usableFromInline let third: UInt64
    @usableFromInline let fourth: UInt64

    /// Makes a hash function of a secret key of 128 bits.
    package init(key: (UInt64, UInt64)) {
        first = Self.spread(key.0)
        second = Self.spread(key.1)
        third = Self.spread(key.0 ^ 0x9E37_79B9_7F4A_7C15)
        fourth = Self.spread(key.1 ^ 0xD6E8_FEB8_6659_FD93)
    }

    /// The fingerprint of a number and two texts, with their lengths, so that no two splits are equal.
    ///
    /// - Complexity: O(bytes), some 0.1 ns a byte.
    @inlinable
    package func hash(_ number: UInt32, _ one: Span<UInt8>, _ other: Span<UInt8>) -> Fingerprint {
        var lanes = (third, fourth)
        let lengths = UInt64(truncatingIfNeeded: one.count) << 32 | UInt64(number)
        absorb(lengths, UInt64(truncatingIfNeeded: other.count), into: &lanes)
        absorb(one, into: &lanes)
        absorb(other, into: &lanes)
        return Fingerprint(
            high: Self.fold(lanes.0 ^ second, 0x9E37_79B9_7F4A_7C15),
            low: Self.fold(lanes.1 ^ first, 0xD6E8_FEB8_6659_FD93)
        )
    }

    /// Begins the 64-bit hash of some words.
    @inlinable @inline(always)
    package func start(_ one: UInt64, _ other: UInt64) -> UInt64 {
        Self.fold(one ^ first, other ^ second)
    }

    /// Goes on with two more words.
    @inlinable @inline(always)
    package func more(_ state: UInt64, _ one: UInt64, _ other: UInt64) -> UInt64 {
        Self.fold(one ^ third, other ^ state)
    }

    /// Ends with one more word; all bits of the result depend on all that went in.
    @inlinable @inline(always)
    package func finish(_ state: UInt64, _ last: UInt64) -> UInt64 {
        Self.fold(last ^ fourth, state ^ 0x9E37_79B9_7F4A_7C15)
    }

    @inlinable @inline(always)
    func absorb(_ bytes: Span<UInt8>, into lanes: inout (UInt64, UInt64)) {
        var offset = 0
        unsafe bytes.withUnsafeBytes { buffer in
            guard let start = buffer.baseAddress else { return }
            // All 16 bytes are in bounds by the loop's condition.
            while offset &+ 16 <= buffer.count {
                let one = unsafe (start + offset).loadUnaligned(as: UInt64.self)
                let other = unsafe (start + (offset &+ 8)).loadUnaligned(as: UInt64.self)
                absorb(UInt64(littleEndian: one), UInt64(littleEndian: other), into: &lanes)
                offset &+= 16
            }
        }
        guard offset < bytes.count else { return }
        absorb(bytes.word(at: offset), bytes.word(at: offset &+ 8), into: &lanes)
    }

    /// Takes in 16 bytes: each lane has keys of its own, and multiplies the other way round.
    @inlinable @inline(always)
    func absorb(_ one: UInt64, _ other: UInt64, into lanes: inout (UInt64, UInt64)) {
        lanes.0 = Self.fold(one ^ first, other ^ lanes.0)
        lanes.1 = Self.fold(other ^ second, one ^ lanes.1)
    }

    @inlinable @inline(always)
    static func fold(_ one: UInt64, _ other: UInt64) -> UInt64 {
        let product = one.multipliedFullWidth(by: other)
        return product.high ^ product.low
    }

    /// SplitMix64's mixing: a key of any quality becomes a word with bits everywhere.
    private static func spread(_ word: UInt64) -> UInt64 {
        var mixed = word &+ 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

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
