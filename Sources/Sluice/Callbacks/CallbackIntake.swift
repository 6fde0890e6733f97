internal import HTTPEngine
internal import JSONWire
internal import Loops
internal import Primitives
internal import Rendezvous

/// Takes callbacks into the waiter table and, once that is settled, to the runs they resume.
///
/// May be used on any thread; one for the process.
final class CallbackIntake: Sendable {
    private let table: WaiterTable
    private let settlement: Settlement
    private let engine: RunEngine
    private let hash: FoldHash
    private let log: Log

    /// Makes an intake before a waiter table.
    init(table: WaiterTable, settlement: Settlement, engine: RunEngine, log: Log) {
        self.table = table
        self.settlement = settlement
        self.engine = engine
        self.log = log
        var source = SystemRandomNumberGenerator()
        hash = FoldHash(key: (source.next(), source.next()))
    }

    /// What became of one callback, and the journal number its answer rests on; 0 where it rests on none.
    struct Taken {
        let answer: CallbackAnswer
        let number: UInt64
    }

    /// Decides one callback and sees to its consequences.
    ///
    /// `bytes` is what its fingerprint is made of: the item as it came.
    func take(
        _ reading: CallbackReading,
        bytes: Span<UInt8>,
        endpoint: CallbackEndpoint,
        requestID: UUIDv7,
        now: Instant,
        handover: Handover?
    ) -> Taken {
        if reading.verdict == .progress { return Taken(answer: .progress, number: 0) }
        var record: CallbackRecord?
        let key = reading.key.span
        let arrival = arrive(key: key, bytes: bytes, endpoint: endpoint, now: now) {
            let made = CallbackRecord(
                key: WaitKey(channel: endpoint.channel, bytes: reading.key),
                status: reading.status,
                result: reading.result,
                hasFailed: reading.verdict == .failure,
                requestID: requestID
            )
            record = made
            return made
        }
        if let record { follow(arrival, record, handover) }
        let taken = Taken(arrival)
        tell(taken.answer, key: key, endpoint, requestID)
        return taken
    }

    /// Has the waiter table decide; `bytes` is what the fingerprint is made of.
    func arrive(
        key: Span<UInt8>,
        bytes: Span<UInt8>,
        endpoint: CallbackEndpoint,
        now: Instant,
        makeRecord: () -> CallbackRecord
    ) -> Arrival {
        table.arrive(
            channel: endpoint.channel,
            key: key,
            fingerprint: hash.hash(endpoint.channel.number, key, bytes),
            options: endpoint.arriveOptions,
            now: now,
            makeRecord: makeRecord
        )
    }

    /// Settles a decision and hands a delivered callback to its run; at once where there is no hand-over.
    func follow(_ arrival: Arrival, _ record: CallbackRecord, _ handover: Handover?) {
        switch arrival {
        case .delivered(let wait, let number):
            if settlement.settlesAtOnce(number) {
                guard let handover else { return engine.resume(wait, with: record) }
                return handover.add(wait, record)
            }
            settlement.settle(number, .delivered(requestID: record.requestID, run: wait.run)) {
                [engine] in engine.resume(wait, with: record)
            }
        case .held(let number):
            settlement.settle(number, .held(requestID: record.requestID))
        case .duplicate, .conflict, .rejected, .heldFull:
            break
        }
    }

    /// Makes the hand-over of one loop.
    func handover(on loop: EventLoop) -> Handover {
        Handover(engine: engine, loop: loop)
    }

    /// Logs what became of a callback.
    func tell(
        _ answer: CallbackAnswer,
        key: Span<UInt8>,
        _ endpoint: CallbackEndpoint,
        _ requestID: UUIDv7
    ) {
        guard answer.logLevel >= log.level else { return }
        var text: [UInt8] = []
        for index in key.indices { text.append(key[index]) }
        log(
            answer.logLevel,
            answer.logLine,
            [
                .init("request_id", requestID.text),
                .init("key", String(decoding: text, as: UTF8.self)),
                .init("endpoint", endpoint.name),
            ]
        )
    }
}
