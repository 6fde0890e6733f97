import JSONWire
import Journal
import Primitives
import Rendezvous
import TestKit
import Testing
import Workflows

@testable import Store

/// What each record does to the store; what one batch does and what several do is the same.
@Suite struct RecordsTests {
    @Test func `a run that began is there with its birth and must go on`() throws {
        let fixture = try StoreFixture()
        let parent = Make.run(9)
        try fixture.take(.began([Make.birth(1, session: "s"), Make.birth(2, parent: parent)], []))
        let first = try #require(try fixture.store.run(Make.run(1)))
        #expect(first.workflow == "w" && first.origin == Make.plan(1) && first.parent == nil)
        #expect(RunLabels(bytes: first.labels)?.sessionID == "s")
        #expect(first.events.count == 1 && !first.isFinished && first.waits.isEmpty)
        guard case .start(let input, _) = first.events[0].event else {
            Issue.record("the first event is no start")
            return
        }
        #expect(input["n"] == .string("1"))
        let second = try #require(try fixture.store.run(Make.run(2)))
        #expect(second.parent == parent && second.depth == 1)
        #expect(second.parentAttempt == AttemptRef(step: 3, attempt: 2) && second.labels.isEmpty)
        #expect(try fixture.store.runsToResume() == [Make.run(1), Make.run(2)])
        #expect(try fixture.store.openRunCount() == 2)
        #expect(try fixture.store.run(Make.run(3)) == nil)
    }

    @Test(arguments: [true, false])
    func `a run that ended is finished and does not go on`(_ isOneBatch: Bool) throws {
        let fixture = try StoreFixture()
        let records: [JournalRecord] = [
            .began([Make.birth(1)], []),
            .advanced(Make.run(1), .cancel(reason: "x"), Make.stamp()),
            .finished(Make.run(1), .cancelled, Make.time),
        ]
        if isOneBatch {
            try fixture.take(records)
        } else {
            for one in records { try fixture.take(one) }
        }
        let run = try #require(try fixture.store.run(Make.run(1)))
        #expect(run.isFinished && run.events.count == 2)
        #expect(try fixture.store.runsToResume().isEmpty)
        #expect(try fixture.store.openRunCount() == 0)
        #expect(try fixture.store.runs(RunQuery()).map(\.status) == [.cancelled])
    }

    @Test(arguments: [true, false])
    func `a run that is retried is open again`(_ isOneBatch: Bool) throws {
        let fixture = try StoreFixture()
        let records: [JournalRecord] = [
            .began([Make.birth(1)], []),
            .finished(Make.run(1), .failed, Make.time),
            .advanced(Make.run(1), .retry, Make.stamp()),
        ]
        if isOneBatch {
            try fixture.take(records)
        } else {
            for one in records { try fixture.take(one) }
        }
        #expect(try fixture.store.run(Make.run(1))?.isFinished == false)
        #expect(try fixture.store.runsToResume() == [Make.run(1)])
        #expect(try fixture.store.openRunCount() == 1)
        try fixture.take(.finished(Make.run(1), .completed, Make.time))
        #expect(try fixture.store.runs(RunQuery()).map(\.status) == [.completed])
        #expect(try fixture.store.openRunCount() == 0)
    }

    @Test(arguments: [true, false])
    func `a callback ends its wait under all keys and leaves marks`(_ isOneBatch: Bool) throws {
        let fixture = try StoreFixture()
        let keys = [Make.key("a"), Make.key("b", channel: 3)]
        let arrival = Make.arrival(7, key: keys[0], .delivered)
        let records: [JournalRecord] = [
            .began([Make.birth(1)], []),
            .waiting(Make.wait(1), keys: [keys[0], keys[0]], deadline: Make.time),
            .keyAdded(Make.wait(1), keys[1]),
            .delivered(Make.wait(1), arrival, Make.stamp()),
        ]
        if isOneBatch {
            try fixture.take(records)
        } else {
            for one in records { try fixture.take(one) }
        }
        #expect(try fixture.waits().isEmpty)
        let marks = try fixture.marks()
        #expect(marks.map(\.key) == keys)
        #expect(marks.allSatisfy { $0.how == .answered && $0.number == 4 && !$0.reusesKey })
        #expect(marks.allSatisfy { $0.fingerprint == arrival.fingerprint })
        #expect(marks[0].until == Make.time.advanced(by: fixture.settings.rememberFor))
        let run = try #require(try fixture.store.run(Make.run(1)))
        guard case .callback(let attempt, let outcome)? = run.events.last?.event else {
            Issue.record("the last event is no callback")
            return
        }
        #expect(attempt == AttemptRef(step: 1, attempt: 1))
        #expect(
            outcome.key == "a" && outcome.result == JSONValue.journaled(Array(#"{"n":1}"#.utf8))
                && outcome.status == "done"
        )
        let entry = try #require(try fixture.store.request(arrival.callback.requestID))
        #expect(entry.status == .delivered && entry.run == Make.run(1) && entry.number == 4)
    }

    @Test func `an open wait is there with its keys in their order`() throws {
        let fixture = try StoreFixture()
        let keys = [Make.key("b"), Make.key("a"), Make.key("c", channel: 1)]
        try fixture.take(
            .began([Make.birth(1)], []),
            .waiting(Make.wait(1), keys: Array(keys[..<2]), deadline: Make.time)
        )
        try fixture.take(.keyAdded(Make.wait(1), keys[2]))
        try fixture.reopen()
        let wait = StoredWait(id: Make.wait(1), keys: keys, deadline: Make.time)
        #expect(try fixture.waits() == [wait])
        #expect(try fixture.store.run(Make.run(1))?.waits == [Make.wait(1)])
    }

    @Test func `a wait's keys have the numbers under which it was given them`() throws {
        let fixture = try StoreFixture()
        let (first, later) = (Make.key("a"), Make.key("b"))
        let opened = try fixture.take(
            .began([Make.birth(1)], []),
            .waiting(Make.wait(1), keys: [first], deadline: Make.time)
        )
        let added = try fixture.take(.keyAdded(Make.wait(1), later), .keyAdded(Make.wait(1), later))
        try fixture.reopen()
        var found: [NumberedKey] = []
        try fixture.store.forEachWait { _, keys, _ in found += keys }
        #expect(found == [NumberedKey(first, opened), NumberedKey(later, added - 1)])
    }

    @Test(arguments: [true, false])
    func `a held callback is there until it is fetched`(_ isOneBatch: Bool) throws {
        let fixture = try StoreFixture()
        let key = Make.key("k")
        let other = Make.key("o")
        let arrival = Make.arrival(5, key: key, .held, reusesKey: false)
        let until = Make.time.advanced(by: .seconds(86_400))
        try fixture.take(.began([Make.birth(1)], []))
        let held = JournalRecord.held(arrival, until: until, listener: 2)
        let fetched = JournalRecord.fetched(
            Make.wait(1),
            keys: [other, key],
            arrival.callback,
            Make.stamp()
        )
        if !isOneBatch {
            try fixture.take(held)
            try fixture.reopen()
            let stored = try #require(try fixture.held().first)
            #expect(stored.number == 2 && stored.until == until && stored.listener == 2)
            #expect(stored.arrival.fingerprint == arrival.fingerprint)
            #expect(stored.arrival.callback.resultBytes == arrival.callback.resultBytes)
            #expect(try fixture.store.request(arrival.callback.requestID)?.status == .held)
            try fixture.take(fetched)
        } else {
            try fixture.take(held, fetched)
        }
        #expect(try fixture.held().isEmpty)
        #expect(Set(try fixture.marks().map(\.key)) == [key, other])
        #expect(try fixture.marks().allSatisfy { $0.fingerprint == arrival.fingerprint })
        let entry = try #require(try fixture.store.request(arrival.callback.requestID))
        #expect(entry.status == .delivered && entry.run == Make.run(1) && entry.number == 2)
        #expect(try fixture.store.run(Make.run(1))?.events.count == 2)
    }

    @Test func `of a bulk request's callbacks the one with the key is fetched`() throws {
        let fixture = try StoreFixture()
        let keys = ["a", "b", "a"].map { Make.key($0) }
        try fixture.take(.began([Make.birth(1)], []))
        for (index, key) in keys.enumerated() {
            let arrival = Make.arrival(5, key: key, nil, result: "\(index)")
            try fixture.take(.held(arrival, until: Make.time, listener: 0))
        }
        let callback = Make.arrival(5, key: keys[0], nil).callback
        try fixture.take(.fetched(Make.wait(1), keys: [keys[0]], callback, Make.stamp()))
        #expect(try fixture.held().map(\.number) == [3, 4])
    }

    @Test(arguments: [true, false])
    func `a callback held in vain is gone and its request has expired`(
        _ isOneBatch: Bool
    ) throws {
        let fixture = try StoreFixture()
        let arrival = Make.arrival(5, key: Make.key("k"), .held)
        let held = JournalRecord.held(arrival, until: Make.time, listener: 0)
        let unfetched = JournalRecord.unfetched(number: 1, Make.time)
        if isOneBatch {
            try fixture.take(held, unfetched)
        } else {
            try fixture.take(held)
            try fixture.take(unfetched)
        }
        #expect(try fixture.held().isEmpty)
        #expect(try fixture.store.request(arrival.callback.requestID)?.status == .expired)
        #expect(try fixture.marks().isEmpty)
    }

    @Test func `waits that end otherwise say how`() throws {
        let fixture = try StoreFixture()
        try fixture.take(
            .began([Make.birth(1), Make.birth(2)], []),
            .waiting(Make.wait(1), keys: [Make.key("a")], deadline: Make.time),
            .waiting(Make.wait(2), keys: [Make.key("b")], deadline: Make.time)
        )
        try fixture.take(
            .ended(Make.wait(1), .cancelled, Make.time),
            .timedOut(Make.wait(2), Make.stamp())
        )
        #expect(try fixture.marks().map(\.how) == [.cancelled, .timedOut])
        #expect(try fixture.marks().allSatisfy { $0.fingerprint == nil })
        #expect(try fixture.waits().isEmpty)
        #expect(try fixture.store.run(Make.run(1))?.events.count == 1)
        #expect(try fixture.store.run(Make.run(2))?.events.count == 2)
    }

    @Test(arguments: [true, false])
    func `a waiter retires the marks that left its key open and no others`(
        _ isOneBatch: Bool
    ) throws {
        let fixture = try StoreFixture()
        let (open, closed) = (Make.key("open"), Make.key("closed"))
        var records: [JournalRecord] = [.began([Make.birth(1)], [])]
        for (index, key) in [open, closed].enumerated() {
            let wait = Make.wait(1, attempt: index + 1)
            let arrival = Make.arrival(index, key: key, .delivered, reusesKey: key == open)
            records.append(.waiting(wait, keys: [key], deadline: Make.time))
            records.append(.delivered(wait, arrival, Make.stamp()))
        }
        if isOneBatch {
            try fixture.take(records)
        } else {
            for one in records { try fixture.take(one) }
        }
        #expect(try fixture.marks().map(\.reusesKey) == [true, false])
        try fixture.take(
            .waiting(Make.wait(1, attempt: 3), keys: [open, closed], deadline: Make.time)
        )
        #expect(try fixture.marks().map(\.key) == [closed])
    }

    @Test func `claims and texts are there`() throws {
        let fixture = try StoreFixture()
        let claim = Claim(
            key: Fingerprint(high: 1, low: 2),
            payload: Fingerprint(high: 3, low: 4),
            until: Make.time.advanced(by: .seconds(86_400)),
            answer: [1, 2, 3]
        )
        try fixture.take(.text(Make.plan(1), [9, 9]), .began([Make.birth(1)], [claim]))
        var claims: [Claim] = []
        try fixture.store.forEachClaim { claims.append($0) }
        #expect(claims == [claim])
        #expect(try fixture.store.text(Make.plan(1)) == [9, 9])
        #expect(try fixture.store.text(Make.plan(2)) == nil)
        #expect(try fixture.store.check() == [])
    }

    @Test func `what is taken is read once the store is complete up to it`() throws {
        let fixture = try StoreFixture()
        let run = UUIDv7.fresh()
        let began = JournalRecord.began([Make.birth(of: run)], [])
        fixture.store.take([NumberedRecord(number: 1, record: began)], through: 1)
        let finished = JournalRecord.finished(run, .completed, Make.time)
        fixture.store.take([NumberedRecord(number: 2, record: finished)], through: 2)
        fixture.store.hurry()
        try eventually("it is written") { fixture.store.completeThrough == 2 }
        #expect(try fixture.store.run(run)?.isFinished == true)
    }

    @Test func `what was taken before changes nothing a second time`() throws {
        let fixture = try StoreFixture()
        let told: [(UInt64, JournalRecord)] = [
            (1, .text(Make.plan(1), [1])),
            (2, .began([Make.birth(1)], [])),
            (5, .waiting(Make.wait(1), keys: [Make.key("a")], deadline: Make.time)),
            (
                6,
                .delivered(
                    Make.wait(1),
                    Make.arrival(1, key: Make.key("a"), .delivered),
                    Make.stamp()
                )
            ),
            (9, .finished(Make.run(1), .completed, Make.time)),
        ]
        let records = told.map { NumberedRecord(number: $0.0, record: $0.1) }
        for record in records { try fixture.store.replay(record) }
        try fixture.store.finishReplay(through: 10)
        let before = try fixture.store.stats()
        #expect(before.completeThrough == 10 && fixture.store.completeThrough == 10)
        fixture.store.take(records, through: 9)
        try fixture.store.flush()
        for record in records { try fixture.store.replay(record) }
        try fixture.store.finishReplay(through: 10)
        let after = try fixture.store.stats()
        #expect(after.runEvents == 2 && after.marks == 1 && after.requests == 1)
        #expect(after.completeThrough == 10 && after.openRuns == 0)
        #expect(try fixture.store.check() == [])
    }
}
