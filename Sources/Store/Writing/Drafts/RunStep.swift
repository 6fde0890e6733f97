internal import Journal
internal import Primitives

/// What a record of a batch means for one run.
struct RunStep {
    /// What it means.
    enum Meaning {
        /// The run begins; a place in the draft's births.
        case birth(Int)
        /// Something happens to it.
        case event
        /// A step waits.
        case waiting
        /// A wait gets a further key.
        case keyAdded
        /// A callback ends a wait; a place in the draft's deliveries.
        case delivered(Int)
        /// A wait finds a callback that was held.
        case fetched
        /// A wait ends without one.
        case ended
        /// A wait's deadline has passed.
        case timedOut
        /// It has ended.
        case finished
        /// It does nothing but wait.
        case parked
    }

    /// The run.
    let run: UUIDv7
    /// The record's number; of `parked`, up to which number it is known.
    let number: UInt64
    /// The record's place in the draft; behind all records for `parked`, which has none.
    let record: Int
    /// What it means.
    let meaning: Meaning

    /// Where in a record that is about one run the fields behind the run's id begin.
    static let fieldsOffset = 17

    /// Whether it comes before another: by run, then by number.
    @inline(__always)
    static func isBefore(_ left: RunStep, _ right: RunStep) -> Bool {
        if left.run != right.run { return left.run < right.run }
        return (left.number, left.record) < (right.number, right.record)
    }
}

/// Where the parts of a run's birth lie in its record.
struct BirthOutline {
    /// The row of its workflow.
    let kind: Int64
    /// What ``RunLineage`` reads.
    let lineage: Range<Int>
    /// What ``RunEventRow`` reads.
    let event: Range<Int>
}

/// Where the parts of a delivered callback lie in its record.
struct DeliveryOutline {
    /// The wait's step and try.
    let step: UInt32
    let attempt: UInt32
    /// What makes it the same callback.
    let fingerprint: Fingerprint
    /// Whether it leaves its keys open to other callbacks.
    let reusesKey: Bool
    /// When it came.
    let time: WallTime
    /// The request it came in; nil for one of many.
    let request: RequestSummary?
    /// Where what ``CallbackRecord`` reads begins.
    let callback: Int
    /// Its key.
    let key: Range<Int>

    /// Goes over a delivery, from behind the run's id.
    init(_ reader: inout RecordReader) throws(RecordReader.Damage) {
        step = UInt32(clamping: try reader.number())
        attempt = UInt32(clamping: try reader.number())
        _ = try reader.blobRange()
        fingerprint = try reader.fingerprint()
        reusesKey = try reader.flag()
        time = try reader.time()
        request = try reader.flag() ? try RequestSummary(&reader) : nil
        callback = reader.offset
        try reader.skip(16)
        key = try reader.keyRange()
    }
}
