internal import Journal
internal import Primitives

/// What tells whether a chunk may hold a request with some id, key or run: a checksum of each, four bytes.
///
/// An index over all requests would cost more than the requests: their keys are random, so that each touches a page of its
/// own. These are written with the chunk, and a search reads them all.
enum RequestFingerprints {
    /// What is looked for.
    enum Sought {
        case id(UUIDv7)
        case key([UInt8])
        case run(UUIDv7)

        /// The checksum of what is looked for.
        var print: UInt32 {
            switch self {
            case .id(let id): RequestFingerprints.print(.id, StoreKey.id(id).span)
            case .key(let key): RequestFingerprints.print(.key, key.span)
            case .run(let run): RequestFingerprints.print(.run, StoreKey.id(run).span)
            }
        }
    }

    /// What a print is of; numbers are never given twice.
    private enum Kind: UInt64 {
        case id = 1
        /// As in ``ItemPrints/print(_:)``.
        case key = 2
        case run = 3
    }

    /// Adds the prints of a request; `items` are the ``ItemPrints`` of a bulk's keys.
    static func add(
        _ id: UUIDv7,
        key: Span<UInt8>,
        items: Span<UInt8>,
        _ run: UUIDv7?,
        to bytes: inout [UInt8]
    ) {
        append(Sought.id(id).print, to: &bytes)
        if !key.isEmpty { append(print(.key, key), to: &bytes) }
        for offset in stride(from: 0, to: items.count, by: 8) {
            append(folded(items.word(at: offset)), to: &bytes)
        }
        if let run { append(Sought.run(run).print, to: &bytes) }
    }

    /// Whether a chunk with these prints may hold any of what is looked for.
    static func mayHold(_ sought: [UInt32], in bytes: Span<UInt8>) -> Bool {
        var offset = 0
        while offset < bytes.count {
            if sought.contains(UInt32(truncatingIfNeeded: bytes.word(at: offset))) { return true }
            offset += 4
        }
        return false
    }

    /// A checksum that is the same on every machine and in every version.
    private static func print(_ kind: Kind, _ bytes: Span<UInt8>) -> UInt32 {
        folded(ItemPrints.sum(bytes, seed: kind.rawValue))
    }

    private static func folded(_ sum: UInt64) -> UInt32 {
        UInt32(truncatingIfNeeded: sum ^ sum >> 29)
    }

    private static func append(_ print: UInt32, to bytes: inout [UInt8]) {
        for shift in [0, 8, 16, 24] as [UInt32] {
            bytes.append(UInt8(truncatingIfNeeded: print >> shift))
        }
    }
}
