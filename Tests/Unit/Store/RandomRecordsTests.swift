import Journal
import Primitives
import Rendezvous
import Store
import TestKit
import Testing
import Workflows

/// Random records in random batches: the store holds what the model holds, however often it is reopened and replayed.
@Suite struct RandomRecordsTests {
    /// A repeatable source of numbers.
    private struct Source {
        var state: UInt64

        mutating func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(max(bound, 1)))
        }
    }

    /// Makes records that could follow what a model holds.
    private struct Maker {
        var source: Source
        var runCount = 0
        var attempt = 0
        var requestCount = 0

        mutating func key() -> WaitKey {
            Make.key("k\(source.next(6))", channel: UInt32(source.next(2)))
        }

        mutating func next(_ model: Model) -> JournalRecord {
            let open = model.runs.keys.sorted()
            guard let run = open.isEmpty ? nil : open[source.next(open.count)] else {
                return begin()
            }
            attempt += 1
            let fresh = WaitID(run: run, step: 1, attempt: UInt32(attempt))
            let waits = model.waits.keys.sorted { $0.attempt < $1.attempt }
            let wait = waits.isEmpty ? fresh : waits[source.next(waits.count)]
            switch source.next(16) {
            case 0: return begin()
            case 1: return .advanced(run, .cancel(reason: "\(attempt)"), Make.stamp())
            case 2: return .advanced(run, .retry, Make.stamp())
            case 3: return .finished(run, [.completed, .failed][source.next(2)], Make.time)
            case 4, 5, 6:
                return .waiting(fresh, keys: [key(), key()], deadline: Make.time)
            case 7: return .keyAdded(wait, key())
            case 8, 9:
                return .delivered(
                    wait,
                    arrival(model.waits[wait]?.first ?? key(), .delivered),
                    Make.stamp()
                )
            case 10: return .held(arrival(key(), .held), until: Make.time, listener: 1)
            case 11, 12:
                guard let held = model.held.first else { return .received(request(.rejected)) }
                let callback = CallbackRecord(
                    key: held.key,
                    status: nil,
                    result: [0x31],
                    hasFailed: false,
                    requestID: held.request
                )
                return .fetched(
                    source.next(2) == 0 ? fresh : wait,
                    keys: [held.key, key()],
                    callback,
                    Make.stamp()
                )
            case 13: return .ended(wait, .cancelled, Make.time)
            case 14: return .timedOut(wait, Make.stamp())
            default:
                guard let held = model.held.last else { return .received(request(.duplicate)) }
                return .unfetched(number: held.number, Make.time)
            }
        }

        private mutating func begin() -> JournalRecord {
            runCount += 2
            return .began([Make.birth(runCount), Make.birth(runCount + 1)], [])
        }

        private mutating func request(_ status: ReceivedRequest.Status) -> ReceivedRequest {
            requestCount += 1
            return Make.request(requestCount, status)
        }

        private mutating func arrival(
            _ key: WaitKey,
            _ status: ReceivedRequest.Status
        ) -> CallbackArrival {
            // Some come in bulk requests, three of which share one id.
            requestCount += 1
            let isBulk = source.next(3) == 0
            return Make.arrival(
                isBulk ? 100_000 + requestCount / 3 : requestCount,
                key: key,
                isBulk ? nil : status,
                reusesKey: source.next(3) == 0
            )
        }
    }

    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func `the store holds what the model holds`(_ seed: UInt64) throws {
        let fixture = try StoreFixture()
        var maker = Maker(source: Source(state: seed))
        var model = Model(rememberFor: fixture.settings.rememberFor)
        var all: [NumberedRecord] = []
        var number: UInt64 = 0
        for _ in 0..<25 {
            var batch: [NumberedRecord] = []
            for _ in 0...maker.source.next(40) {
                number += UInt64(1 + maker.source.next(3))
                let record = maker.next(model)
                model.apply(record, number)
                batch.append(NumberedRecord(number: number, record: record))
            }
            all += batch
            if maker.source.next(2) == 0 {
                // As after a restart: some of what the store has already comes again.
                try fixture.reopen()
                for one in all.suffix(batch.count + maker.source.next(50)) {
                    try fixture.store.replay(one)
                }
                try fixture.store.finishReplay(through: number)
            } else {
                fixture.store.take(batch, through: number)
                try fixture.store.flush()
            }
            try expect(fixture, model)
        }
        #expect(fixture.store.completeThrough == number)
    }

    private func expect(_ fixture: StoreFixture, _ model: Model) throws {
        let waits = try fixture.waits()
        let open = model.waits.filter { model.runs[$0.key.run]?.status == nil }
        #expect(Set(waits.map { [$0.id: $0.keys] }) == Set(open.map { [$0.key: $0.value] }))
        #expect(try fixture.held().map(\.number) == model.held.map(\.number))
        #expect(try fixture.held().map(\.arrival.fingerprint) == model.held.map(\.fingerprint))
        let marks = try fixture.marks()
        #expect(marks.map(\.number) == marks.map(\.number).sorted())
        #expect(Set(marks) == Set(model.marks) && marks.count == model.marks.count)
        let active = model.runs.filter { $0.value.isActive && $0.value.status == nil }
        #expect(try Set(fixture.store.runsToResume()) == Set(active.keys))
        #expect(try fixture.store.openRunCount() == model.runs.count { $0.value.status == nil })
        var query = LedgerQuery()
        query.limit = 100_000
        let lines = try fixture.store.requests(query)
        #expect(
            lines.map(\.status) == model.requests.sorted { $0.key > $1.key }.map(\.value.status)
        )
        #expect(lines.map(\.run) == model.requests.sorted { $0.key > $1.key }.map(\.value.run))
        for (id, run) in model.runs {
            let stored = try #require(try fixture.store.run(id))
            #expect(stored.events.map(\.bytes) == run.events)
            #expect(stored.isFinished == (run.status != nil))
            #expect(Set(stored.waits) == Set(model.waits.keys.filter { $0.run == id }))
        }
        // No text was journaled: that is the one thing that is missing.
        #expect(try fixture.store.check().count == 1)
    }
}
