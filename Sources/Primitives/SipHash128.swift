/// SipHash with a 128-bit result: a keyed fingerprint that nobody without the key can make collide.
///
/// SipHash-1-3 unless told otherwise; the tests hold it to the published vectors of SipHash-2-4.
@usableFromInline
package struct SipHash128: Sendable {
    @usableFromInline let key: (UInt64, UInt64)
    @usableFromInline let compressionRounds: Int
    @usableFromInline let finalRounds: Int

    /// Makes a hash function of a secret key, given as its two little-endian halves.
    @inlinable
    package init(key: (UInt64, UInt64), compressionRounds: Int = 1, finalRounds: Int = 3) {
        self.key = key
        self.compressionRounds = compressionRounds
        self.finalRounds = finalRounds
    }

    /// The fingerprint of a text.
    ///
    /// - Complexity: O(bytes), some 0.3 ns a byte.
    @inlinable
    package func hash(_ bytes: Span<UInt8>) -> Fingerprint {
        var state = SipState(key: key, isWide: true)
        absorb(bytes, into: &state)
        return finish(&state)
    }

    /// The fingerprint of a number and two texts, each with its length, so that no two splits are equal.
    @inlinable
    package func hash(_ number: UInt32, _ first: Span<UInt8>, _ second: Span<UInt8>) -> Fingerprint
    {
        var state = SipState(key: key, isWide: true)
        state.absorb(UInt64(number), rounds: compressionRounds)
        state.absorb(UInt64(first.count), rounds: compressionRounds)
        absorb(first, into: &state)
        absorb(second, into: &state)
        return finish(&state)
    }

    @inlinable @inline(always)
    func absorb(_ bytes: Span<UInt8>, into state: inout SipState) {
        var offset = 0
        while offset &+ 8 <= bytes.count {
            state.absorb(bytes.word(at: offset), rounds: compressionRounds)
            offset &+= 8
        }
        let last = bytes.word(at: offset) | UInt64(truncatingIfNeeded: bytes.count) << 56
        state.absorb(last, rounds: compressionRounds)
    }

    @inlinable @inline(always)
    func finish(_ state: inout SipState) -> Fingerprint {
        let (first, second) = state.finish128(rounds: finalRounds)
        return Fingerprint(high: first.byteSwapped, low: second.byteSwapped)
    }
}
