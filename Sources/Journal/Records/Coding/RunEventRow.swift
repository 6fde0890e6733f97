package import Primitives
internal import Rendezvous
package import Workflows

/// A run event with its stamp, as the store behind the journal keeps it: what a run is rebuilt from.
package struct RunEventRow: Sendable {
    /// The event.
    package let event: RunEvent
    /// What came with it.
    package let stamp: Stamp
    /// The journal number of the record it came with; 0 where that is not known.
    package var number: UInt64

    /// Said before an event whose number follows: higher than the tag of any event.
    private static let numberMark: UInt8 = 0x80

    /// Pairs an event with its stamp.
    package init(_ event: RunEvent, _ stamp: Stamp, number: UInt64 = 0) {
        self.event = event
        self.stamp = stamp
        self.number = number
    }

    /// Writes an event, as bytes already, with its number and its length.
    package static func write(
        _ event: ArraySlice<UInt8>,
        number: UInt64,
        to out: inout RecordWriter
    ) {
        out.number(UInt64(event.count + 1 + RecordWriter.size(of: number)))
        out.byte(numberMark)
        out.number(number)
        out.raw(event)
    }

    /// The event of a callback that ended a wait.
    static func callback(_ callback: CallbackRecord, of wait: WaitID, _ stamp: Stamp) -> Self {
        RunEventRow(.callback(AttemptRef(wait), callback.outcome), stamp)
    }

    /// The row as bytes.
    package var bytes: [UInt8] {
        var writer = RecordWriter()
        event.write(to: &writer)
        stamp.write(to: &writer)
        return writer.bytes
    }

    /// Reads a row; nil for bytes that are none.
    package init?(bytes: [UInt8]) {
        var reader = RecordReader(bytes)
        do throws(RecordReader.Damage) {
            number = try Self.number(&reader)
            event = try RunEvent(&reader)
            stamp = try Stamp(&reader)
        } catch {
            return nil
        }
    }

    /// The number before an event; 0 where there is none, as in rows of versions before 3.
    private static func number(_ reader: inout RecordReader) throws(RecordReader.Damage) -> UInt64 {
        guard reader.peek == numberMark else { return 0 }
        try reader.skip(1)
        return try reader.number()
    }
}

extension JournalRecord {
    /// What the record means for a run: its events, a started one's first included; none where it means nothing.
    package var runEvents: [(run: UUIDv7, row: RunEventRow)] {
        switch self {
        case .began(let births, _): births.map { ($0.id, RunEventRow($0.event, $0.stamp)) }
        case .advanced(let run, let event, let stamp): [(run, RunEventRow(event, stamp))]
        case .delivered(let wait, let arrival, let stamp):
            [(wait.run, .callback(arrival.callback, of: wait, stamp))]
        case .fetched(let wait, _, let callback, let stamp):
            [(wait.run, .callback(callback, of: wait, stamp))]
        case .timedOut(let wait, let stamp):
            [(wait.run, RunEventRow(.waitExpired(AttemptRef(wait)), stamp))]
        case .held, .waiting, .keyAdded, .ended, .unfetched, .finished, .received, .text: []
        }
    }
}
