internal import Primitives

/// The keys of a bulk request's items, as eight bytes each: enough to find the request again by any of them.
///
/// A print is the same on every machine and in every version. Two keys out of a million have the same one by a chance of one in
/// 30 million.
package struct ItemPrints: Sendable, Equatable {
    /// The prints, in the order of the items, little-endian.
    package private(set) var bytes: [UInt8] = []

    /// The prints of a request without items.
    package init() {}

    /// Takes prints as they were written.
    ///
    /// - Throws: Where they are cut.
    init(bytes: [UInt8]) throws(RecordReader.Damage) {
        guard bytes.count % 8 == 0 else {
            throw RecordReader.Damage(reason: "the prints of a request's items are cut")
        }
        self.bytes = bytes
    }

    /// Whether there is none.
    package var isEmpty: Bool { bytes.isEmpty }

    /// Adds the print of an item's key.
    package mutating func add(_ print: UInt64) {
        for shift in stride(from: 0, to: 64, by: 8) as StrideTo<UInt64> {
            bytes.append(UInt8(truncatingIfNeeded: print >> shift))
        }
    }

    /// Whether an item has a key with this print.
    ///
    /// - Complexity: O(items).
    package func holds(_ print: UInt64) -> Bool {
        let bytes = bytes.span
        for offset in stride(from: 0, to: bytes.count, by: 8)
        where bytes.word(at: offset) == print {
            return true
        }
        return false
    }

    /// The print of a key.
    ///
    /// - Complexity: O(bytes), eight at a time.
    package static func print(_ key: Span<UInt8>) -> UInt64 { sum(key, seed: 2) }

    /// A checksum; `seed` tells what it is of.
    package static func sum(_ bytes: Span<UInt8>, seed: UInt64) -> UInt64 {
        var sum = seed &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(bytes.count)
        var offset = 0
        while offset < bytes.count {
            sum = (sum ^ bytes.word(at: offset)) &* 0xFF51_AFD7_ED55_8CCD
            sum ^= sum >> 32
            offset += 8
        }
        return sum
    }
}
