/// The state of SipHash (Aumasson and Bernstein, 2012), fed with 64-bit words.
///
/// One compression round a word and three at the end (SipHash-1-3) unless told otherwise.
@usableFromInline
package struct SipState: Sendable {
    @usableFromInline var v0: UInt64
    @usableFromInline var v1: UInt64
    @usableFromInline var v2: UInt64
    @usableFromInline var v3: UInt64

    /// Starts with a key; `isWide` prepares for ``finish128(rounds:)``.
    @inlinable @inline(always)
    package init(key: (UInt64, UInt64), isWide: Bool = false) {
        v0 = key.0 ^ 0x736f_6d65_7073_6575
        v1 = key.1 ^ 0x646f_7261_6e64_6f6d ^ (isWide ? 0xee : 0)
        v2 = key.0 ^ 0x6c79_6765_6e65_7261
        v3 = key.1 ^ 0x7465_6462_7974_6573
    }

    /// Takes in one word.
    @inlinable @inline(always)
    package mutating func absorb(_ word: UInt64, rounds: Int = 1) {
        v3 ^= word
        for _ in 0..<rounds { round() }
        v0 ^= word
    }

    /// The 64-bit hash; the state is used up.
    @inlinable @inline(always)
    package mutating func finish(rounds: Int = 3) -> UInt64 {
        v2 ^= 0xff
        for _ in 0..<rounds { round() }
        return v0 ^ v1 ^ v2 ^ v3
    }

    /// The 128-bit hash, first and second half; the state is used up.
    @inlinable @inline(always)
    package mutating func finish128(rounds: Int = 3) -> (UInt64, UInt64) {
        v2 ^= 0xee
        for _ in 0..<rounds { round() }
        let first = v0 ^ v1 ^ v2 ^ v3
        v1 ^= 0xdd
        for _ in 0..<rounds { round() }
        return (first, v0 ^ v1 ^ v2 ^ v3)
    }

    @inlinable @inline(always)
    mutating func round() {
        v0 &+= v1
        v1 = (v1 << 13 | v1 >> 51) ^ v0
        v0 = v0 << 32 | v0 >> 32
        v2 &+= v3
        v3 = (v3 << 16 | v3 >> 48) ^ v2
        v0 &+= v3
        v3 = (v3 << 21 | v3 >> 43) ^ v0
        v2 &+= v1
        v1 = (v1 << 17 | v1 >> 47) ^ v2
        v2 = v2 << 32 | v2 >> 32
    }
}
