package import Primitives
internal import Rendezvous
package import Workflows

/// A run event with its stamp, as the store behind the journal keeps it: what a run is rebuilt from.
package struct RunEventRow: Sendable {
    /// The event.
    package let event: RunEvent
    /// What came with it.
    package let stamp: Stamp

    /// Pairs an event with its stamp.
    package init(_ event: RunEvent, _ stamp: Stamp) {
        self.event = event
        self.stamp = stamp
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
            event = try RunEvent(&reader)
            stamp = try Stamp(&reader)
        } catch {
            return nil
        }
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
