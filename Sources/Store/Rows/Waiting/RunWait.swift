internal import Journal
internal import Primitives
internal import Rendezvous

/// Where an open wait lies among those of its run, and what it says.
struct RunWait {
    /// All of it, its length included.
    let whole: Range<Int>
    /// Which step waits.
    let step: UInt32
    /// Which try of it.
    let attempt: UInt32
    /// When it ends at the latest.
    let deadline: WallTime
    /// Its keys, each once, each with the number of the record that gave it to the wait.
    let keys: Range<Int>

    /// Reads the next wait.
    init(_ reader: inout RecordReader) throws(RecordReader.Damage) {
        let start = reader.offset
        let fields = try reader.blobRange()
        var inner = RecordReader(reader.bytes, fields)
        step = UInt32(clamping: try inner.number())
        attempt = UInt32(clamping: try inner.number())
        deadline = try inner.time()
        keys = inner.offset..<fields.upperBound
        whole = start..<fields.upperBound
    }

    /// Writes a wait.
    static func write(
        step: UInt32,
        attempt: UInt32,
        deadline: WallTime,
        keys: [UInt8],
        to out: inout RecordWriter
    ) {
        var fields = RecordWriter()
        fields.number(UInt64(step))
        fields.number(UInt64(attempt))
        fields.time(deadline)
        fields.raw(keys[...])
        out.blob(fields.bytes)
    }

    /// The open waits of a run.
    static func all(in bytes: [UInt8]) throws(RecordReader.Damage) -> [RunWait] {
        var reader = RecordReader(bytes)
        var waits: [RunWait] = []
        while !reader.isAtEnd { waits.append(try RunWait(&reader)) }
        return waits
    }

    /// The open wait of a try; nil where there is none.
    static func find(
        step: UInt32,
        attempt: UInt32,
        in bytes: [UInt8]
    ) throws(RecordReader.Damage) -> RunWait? {
        var reader = RecordReader(bytes)
        while !reader.isAtEnd {
            let wait = try RunWait(&reader)
            if wait.step == step, wait.attempt == attempt { return wait }
        }
        return nil
    }

    /// Shows where its keys lie, channels included, until `body` returns false.
    func forEachKey(
        in bytes: [UInt8],
        _ body: (_ number: UInt64, Range<Int>) -> Bool
    ) throws(RecordReader.Damage) {
        var reader = RecordReader(bytes, keys)
        while !reader.isAtEnd {
            let number = try reader.number()
            guard body(number, try reader.keyRange()) else { return }
        }
    }

    /// Whether a key, its channel included, is one of its own.
    func has(
        _ key: ArraySlice<UInt8>,
        in bytes: [UInt8]
    ) throws(RecordReader.Damage) -> Bool {
        var isThere = false
        try forEachKey(in: bytes) { _, range in
            isThere = bytes[range] == key
            return !isThere
        }
        return isThere
    }

    /// Its keys, in the order they were given.
    func numberedKeys(in bytes: [UInt8]) throws(RecordReader.Damage) -> [NumberedKey] {
        var reader = RecordReader(bytes, keys)
        var found: [NumberedKey] = []
        while !reader.isAtEnd {
            let number = try reader.number()
            found.append(NumberedKey(try WaitKey(&reader), number))
        }
        return found
    }
}
