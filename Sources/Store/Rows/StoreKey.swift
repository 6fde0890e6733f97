internal import Primitives
internal import Rendezvous
internal import Storage

/// The blobs under which rows are found: big-endian, so that SQLite's order of bytes is the order of ids.
enum StoreKey {
    /// The key of a request.
    static func id(_ id: UUIDv7) -> [16 of UInt8] {
        var bytes = [16 of UInt8](repeating: 0)
        for index in 0..<8 {
            let shift = UInt64(56 - 8 * index)
            bytes[index] = UInt8(truncatingIfNeeded: id.high >> shift)
            bytes[index + 8] = UInt8(truncatingIfNeeded: id.low >> shift)
        }
        return bytes
    }

    /// The key of a fingerprint.
    static func fingerprint(_ value: Fingerprint) -> [16 of UInt8] {
        id(UUIDv7(high: value.high, low: value.low))
    }

    /// The key of a run's events up to one.
    static func event(_ run: UUIDv7, _ number: UInt64) -> [24 of UInt8] {
        var bytes = [24 of UInt8](repeating: 0)
        for index in 0..<8 {
            let shift = UInt64(56 - 8 * index)
            bytes[index] = UInt8(truncatingIfNeeded: run.high >> shift)
            bytes[index + 8] = UInt8(truncatingIfNeeded: run.low >> shift)
            bytes[index + 16] = UInt8(truncatingIfNeeded: number >> shift)
        }
        return bytes
    }

    /// The key of a key: its channel, then its bytes.
    static func key(_ key: WaitKey) -> [UInt8] {
        let channel = key.channel.number
        var bytes: [UInt8] = []
        bytes.reserveCapacity(4 + key.bytes.count)
        for shift in [24, 16, 8, 0] as [UInt32] {
            bytes.append(UInt8(truncatingIfNeeded: channel >> shift))
        }
        return bytes + key.bytes
    }
}

extension UUIDv7 {
    /// Reads an id from the first bytes of a row's key; what is not there counts as zero.
    init(storeKey bytes: Span<UInt8>) {
        self.init(
            high: bytes.word(at: 0).byteSwapped,
            low: bytes.word(at: 8).byteSwapped
        )
    }
}

extension Statement {
    /// Binds the blob of an id.
    borrowing func bind(_ key: borrowing [16 of UInt8], at index: Int) throws(StorageError) {
        try bind(key.span, at: index)
    }

    /// Binds the blob of a run's events.
    borrowing func bind(_ key: borrowing [24 of UInt8], at index: Int) throws(StorageError) {
        try bind(key.span, at: index)
    }

    /// Binds a journal number.
    borrowing func bind(_ number: UInt64, at index: Int) throws(StorageError) {
        try bind(Int64(clamping: number), at: index)
    }

    /// The column as a journal number.
    borrowing func number(at column: Int) -> UInt64 {
        UInt64(clamping: integer(at: column))
    }

    /// The column as a moment.
    borrowing func time(at column: Int) -> WallTime {
        WallTime(milliseconds: integer(at: column))
    }

    /// The column as an id.
    borrowing func id(at column: Int) -> UUIDv7 {
        withBlob(at: column) { UUIDv7(storeKey: $0) }
    }
}
