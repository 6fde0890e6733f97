internal import Primitives
internal import Rendezvous

/// Where an open wait lies among those of its run, and what it says.
struct RunWait {
    /// All of it, its length included.
    let whole: Range<Int>
    /// The number of the record that opened it.
    let number: UInt64
    /// Which step waits.
    let step: UInt32
    /// Which try of it.
    let attempt: UInt32
    /// When it ends at the latest.
    let deadline: WallTime
    /// Its keys, one after the other, each once.
    let keys: Range<Int>

    /// Reads the next wait.
    init(_ reader: inout RecordReader) throws(RecordReader.Damage) {
        let start = reader.offset
        let fields = try reader.blobRange()
        var inner = RecordReader(reader.bytes, at: fields.lowerBound)
        number = try inner.number()
        step = UInt32(clamping: try inner.number())
        attempt = UInt32(clamping: try inner.number())
        deadline = try inner.time()
        guard inner.offset <= fields.upperBound else {
            throw RecordReader.Damage(reason: "a wait is longer than it says")
        }
        keys = inner.offset..<fields.upperBound
        whole = start..<fields.upperBound
    }

    /// Writes a wait.
    static func write(
        _ number: UInt64,
        step: UInt32,
        attempt: UInt32,
        deadline: WallTime,
        keys: ArraySlice<UInt8>,
        to out: inout RecordWriter
    ) {
        var fields = RecordWriter()
        fields.number(number)
        fields.number(UInt64(step))
        fields.number(UInt64(attempt))
        fields.time(deadline)
        fields.raw(keys)
        out.blob(fields.bytes)
    }

    /// Its keys, in the order they were given.
    func waitKeys(in bytes: [UInt8]) throws(RecordReader.Damage) -> [WaitKey] {
        var reader = RecordReader(bytes, at: keys.lowerBound)
        var found: [WaitKey] = []
        while reader.offset < keys.upperBound { found.append(try WaitKey(&reader)) }
        return found
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
}
