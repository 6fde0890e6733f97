package import Primitives
package import Rendezvous
package import Workflows

extension JournalRecord {
    /// Appends the record as bytes.
    func write(to bytes: inout [UInt8]) {
        var writer = RecordWriter(appendingTo: bytes)
        bytes = []
        write(to: &writer)
        bytes = writer.bytes
    }

    /// Writes the record of a callback that met its waiter.
    package static func writeDelivered(
        _ draft: ArrivalDraft,
        to wait: WaitID,
        _ stamp: Stamp,
        _ out: inout RecordWriter
    ) {
        out.begin(.delivered)
        wait.write(to: &out)
        draft.write(to: &out)
        stamp.write(to: &out)
    }

    /// Writes the record of a callback that is held.
    package static func writeHeld(
        _ draft: ArrivalDraft,
        until: WallTime,
        listener: Int,
        _ out: inout RecordWriter
    ) {
        out.begin(.held)
        draft.write(to: &out)
        out.time(until)
        out.signed(listener)
    }

    /// Writes the record.
    func write(to out: inout RecordWriter) {
        switch self {
        case .began(let births, let claims):
            out.begin(.began)
            out.list(births) { $1.write(to: &$0) }
            out.list(claims) { $1.write(to: &$0) }
        case .advanced(let run, let event, let stamp):
            out.begin(.advanced)
            out.id(run)
            event.write(to: &out)
            stamp.write(to: &out)
        case .delivered(let wait, let arrival, let stamp):
            out.begin(.delivered)
            wait.write(to: &out)
            arrival.write(to: &out)
            stamp.write(to: &out)
        case .held(let arrival, let until, let listener):
            out.begin(.held)
            arrival.write(to: &out)
            out.time(until)
            out.signed(listener)
        case .fetched(let wait, let keys, let callback, let stamp):
            out.begin(.fetched)
            wait.write(to: &out)
            out.list(keys) { $1.write(to: &$0) }
            callback.write(to: &out, body: nil)
            stamp.write(to: &out)
        case .waiting(let wait, let keys, let deadline):
            out.begin(.waiting)
            wait.write(to: &out)
            out.list(keys) { $1.write(to: &$0) }
            out.time(deadline)
        case .keyAdded(let wait, let key):
            out.begin(.keyAdded)
            wait.write(to: &out)
            key.write(to: &out)
        case .ended, .timedOut, .unfetched, .finished, .received, .text:
            writeRest(to: &out)
        }
    }

    private func writeRest(to out: inout RecordWriter) {
        switch self {
        case .ended(let wait, let how, let time):
            out.begin(.ended)
            wait.write(to: &out)
            out.byte(how.rawValue)
            out.time(time)
        case .timedOut(let wait, let stamp):
            out.begin(.timedOut)
            wait.write(to: &out)
            stamp.write(to: &out)
        case .unfetched(let number, let time):
            out.begin(.unfetched)
            out.number(number)
            out.time(time)
        case .finished(let run, let status, let time):
            out.begin(.finished)
            out.id(run)
            out.text(status.rawValue)
            out.time(time)
        case .received(let request):
            out.begin(.received)
            request.write(to: &out)
        case .text(let fingerprint, let bytes):
            out.begin(.text)
            out.fingerprint(fingerprint)
            out.blob(bytes)
        case .began, .advanced, .delivered, .held, .fetched, .waiting, .keyAdded: break
        }
    }

    /// Reads a record.
    ///
    /// - Throws: ``RecordReader/Damage`` for bytes that are no record of this version.
    package init(_ bytes: [UInt8]) throws(RecordReader.Damage) {
        var reader = RecordReader(bytes)
        self = try Self.read(&reader)
        guard reader.isAtEnd else {
            throw RecordReader.Damage(reason: "there is more than it says")
        }
    }

    private static func read(
        _ reader: inout RecordReader
    ) throws(RecordReader.Damage) -> JournalRecord {
        let number = reader.peek
        guard let tag = try reader.recordTag() else {
            throw RecordReader.Damage(reason: "there are no records of the kind \(number ?? 0)")
        }
        switch tag {
        case .began:
            let births = try reader.list { (reader) throws(RecordReader.Damage) in
                try RunBirth(&reader)
            }
            let claims = try reader.list { (reader) throws(RecordReader.Damage) in
                try Claim(&reader)
            }
            return .began(births, claims)
        case .advanced:
            let run = try reader.id()
            let event = try RunEvent(&reader)
            return .advanced(run, event, try Stamp(&reader))
        case .delivered:
            let wait = try WaitID(&reader)
            let arrival = try CallbackArrival(&reader)
            return .delivered(wait, arrival, try Stamp(&reader))
        case .held:
            let arrival = try CallbackArrival(&reader)
            let until = try reader.time()
            return .held(arrival, until: until, listener: try reader.integer())
        case .fetched:
            let wait = try WaitID(&reader)
            let keys = try reader.keys()
            let callback = try CallbackRecord(&reader, body: nil)
            return .fetched(wait, keys: keys, callback, try Stamp(&reader))
        case .waiting:
            let wait = try WaitID(&reader)
            let keys = try reader.keys()
            return .waiting(wait, keys: keys, deadline: try reader.time())
        case .keyAdded:
            let wait = try WaitID(&reader)
            return .keyAdded(wait, try WaitKey(&reader))
        case .ended, .timedOut, .unfetched, .finished, .received, .text:
            return try readRest(tag, &reader)
        }
    }

    private static func readRest(
        _ tag: Tag,
        _ reader: inout RecordReader
    ) throws(RecordReader.Damage) -> JournalRecord {
        switch tag {
        case .ended:
            let wait = try WaitID(&reader)
            guard let how = EndedHow(rawValue: try reader.byte()) else {
                throw RecordReader.Damage(reason: "a wait ended in no known way")
            }
            return .ended(wait, how, try reader.time())
        case .timedOut:
            let wait = try WaitID(&reader)
            return .timedOut(wait, try Stamp(&reader))
        case .unfetched:
            let number = try reader.number()
            return .unfetched(number: number, try reader.time())
        case .finished:
            let run = try reader.id()
            guard let status = RunStatus(rawValue: try reader.text()) else {
                throw RecordReader.Damage(reason: "a run ended in no known state")
            }
            return .finished(run, status, try reader.time())
        case .received:
            return .received(try ReceivedRequest(&reader))
        case .text:
            let fingerprint = try reader.fingerprint()
            return .text(fingerprint, try reader.blob())
        case .began, .advanced, .delivered, .held, .fetched, .waiting, .keyAdded:
            throw RecordReader.Damage(reason: "it is of another kind")
        }
    }
}
