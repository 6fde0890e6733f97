import Primitives
import Rendezvous
import Testing

/// Deadlines, bounds, and what is taken back.
@Suite struct WaiterTableTimeTests {
    private let fixture = WaiterTableFixture()

    @Test func `a wait ends at its deadline and not before`() {
        _ = fixture.register(1, ["a", "b"], deadline: 500)
        #expect(fixture.table.expire(now: fixture.at(499)).isEmpty)
        #expect(fixture.table.nextDeadline().map { $0 <= fixture.at(500) } == true)
        let expiries = fixture.table.expire(now: fixture.at(500))
        #expect(expiries.map(\.number) == [2])
        #expect(fixture.arrive("a", "late") == .conflict(.timedOut, number: 2))
        #expect(fixture.arrive("b", "late") == .conflict(.timedOut, number: 2))
        #expect(fixture.table.expire(now: fixture.at(600)).isEmpty)
    }

    @Test func `a deadline that meets an uncommitted match loses until that is undone`() {
        _ = fixture.register(1, ["k"], deadline: 100)
        fixture.table.commit(through: 1)
        _ = fixture.arrive("k", "one")
        #expect(fixture.table.expire(now: fixture.at(200)).isEmpty)
        #expect(fixture.table.end(fixture.id(1), how: .cancelled, now: fixture.at(200)) == .lost)
        let undone = fixture.table.fail(from: 2)
        #expect(undone == [UndoneDecision(number: 2, kind: .delivered(fixture.id(1)))])
        #expect(fixture.table.expire(now: fixture.at(200)).map(\.number) == [3])
    }

    @Test func `a held callback that nobody fetches is given up`() {
        let options = ArriveOptions(holdFor: .milliseconds(50))
        #expect(fixture.arrive("k", "one", options) == .held(number: 1))
        #expect(fixture.table.expire(now: fixture.at(49)).isEmpty)
        guard
            case .unfetched(let record, heldNumber: 1, number: 2)? = fixture.table.expire(
                now: fixture.at(50)
            ).first
        else {
            Issue.record("nothing expired")
            return
        }
        #expect(record.key == WaitKey(channel: .standard, bytes: [107]))
        #expect(fixture.table.counts.held == 0)
        #expect(fixture.arrive("k", "one", options) == .held(number: 3))
    }

    @Test func `an end is forgotten in time, but never before its commit`() {
        let fixture = WaiterTableFixture(WaiterTable.Configuration(rememberFor: .milliseconds(100)))
        _ = fixture.register(1, ["k"])
        _ = fixture.arrive("k", "one")
        _ = fixture.table.expire(now: fixture.at(1000))
        #expect(fixture.arrive("k", "two") == .conflict(.answered, number: 2))
        fixture.table.commit(through: 2)
        #expect(fixture.table.nextDeadline().map { $0 <= fixture.at(1000) } == true)
        _ = fixture.table.expire(now: fixture.at(1000))
        #expect(fixture.table.counts.marks == 0)
        #expect(fixture.arrive("k", "two") == .held(number: 3))
    }

    @Test func `beyond the bound the oldest ends go, counted`() {
        let fixture = WaiterTableFixture(
            WaiterTable.Configuration(shards: 1, rememberedCountMax: 10)
        )
        for number in 1...30 {
            _ = fixture.register(number, ["k\(number)"])
            _ = fixture.arrive("k\(number)", "one")
            fixture.table.commit(through: fixture.table.lastNumber)
        }
        let counts = fixture.table.counts
        #expect(counts.marks <= 11 && counts.marks + counts.marksEvicted == 30)
        #expect(fixture.arrive("k30", "two") == .conflict(.answered, number: 60))
        #expect(fixture.arrive("k1", "two") == .held(number: 61))
    }

    @Test func `a listener holds no more than it may, in number and in bytes`() {
        let few = WaiterTable.HeldLimits(countMax: 2, bytesMax: 1000)
        let small = WaiterTable.HeldLimits(countMax: 100, bytesMax: 8)
        let fixture = WaiterTableFixture(WaiterTable.Configuration(heldLimits: [few, small]))
        let options = [ArriveOptions(), ArriveOptions(listener: 1)]
        #expect(fixture.arrive("a", "1", options[0]) == .held(number: 1))
        #expect(fixture.arrive("b", "1", options[0]) == .held(number: 2))
        #expect(fixture.arrive("c", "1", options[0]) == .heldFull)
        #expect(fixture.arrive("d", "1", options[1]) == .held(number: 3))
        #expect(fixture.arrive("a-key-of-some-length", "1", options[1]) == .heldFull)
        #expect(fixture.table.counts.held == 3)
        _ = fixture.register(1, ["a"])
        #expect(fixture.arrive("c", "1", options[0]) == .held(number: 5))
    }

    @Test func `a share holds half, and counts against the whole`() {
        let whole = WaiterTable.HeldLimits(countMax: 5, bytesMax: 1000)
        #expect(WaiterTable.HeldLimits(countMax: 1, bytesMax: 1).half(at: 0).countMax == 1)
        let fixture = WaiterTableFixture(
            WaiterTable.Configuration(heldLimits: [whole, whole.half(at: 0)])
        )
        let (all, share) = (ArriveOptions(listener: 0), ArriveOptions(listener: 1))
        #expect(fixture.arrive("a", "1", share) == .held(number: 1))
        #expect(fixture.arrive("b", "1", share) == .held(number: 2))
        #expect(fixture.arrive("c", "1", share) == .heldFull)
        for number in 3...5 {
            #expect(fixture.arrive("k\(number)", "1", all) == .held(number: UInt64(number)))
        }
        #expect(fixture.arrive("d", "1", all) == .heldFull)
        #expect(fixture.table.counts.held == 5)
        // One of the others leaves: there is a place, and the share is as full as it was.
        _ = fixture.register(1, ["k3"])
        #expect(fixture.arrive("c", "1", share) == .heldFull)
        #expect(fixture.table.counts.held == 4)
        // One of the share leaves, and takes its place in both with it.
        _ = fixture.register(2, ["a"])
        #expect(fixture.arrive("c", "1", share) == .held(number: 8))
        #expect(fixture.arrive("e", "1", all) == .held(number: 9))
        #expect(fixture.arrive("f", "1", all) == .heldFull)
        _ = fixture.table.fail(from: 8)
        #expect(fixture.table.counts.held == 3)
    }

    @Test func `no more waits are open than may be`() {
        let fixture = WaiterTableFixture(WaiterTable.Configuration(waitersMax: 2))
        #expect(fixture.register(1, ["a"]) == .waiting(1))
        #expect(fixture.register(2, ["b"]) == .waiting(2))
        #expect(fixture.register(3, ["c"]) == .refused(.full(limit: 2)))
        _ = fixture.arrive("a", "one")
        #expect(fixture.register(3, ["c"]) == .waiting(4))
    }

    @Test func `everything uncommitted is taken back, newest first`() {
        _ = fixture.register(1, ["a"])
        fixture.table.commit(through: 1)
        _ = fixture.arrive("early", "one")
        _ = fixture.register(2, ["early", "other"])
        _ = fixture.arrive("a", "one")
        _ = fixture.register(3, ["c"])
        _ = fixture.addKey(3, "d")
        _ = fixture.table.end(fixture.id(3), how: .cancelled, now: fixture.now)
        let undone = fixture.table.fail(from: 2)
        #expect(undone.map(\.number) == [7, 6, 5, 4, 3, 2])
        #expect(
            undone.map(\.kind) == [
                .ended(fixture.id(3), .cancelled), .keyAdded(fixture.id(3)),
                .registered(fixture.id(3)),
                .delivered(fixture.id(1)), .matchedAtRegistration(fixture.id(2)), .held,
            ]
        )
        let counts = fixture.table.counts
        #expect(counts.waiters == 1 && counts.held == 0 && counts.heldBytes == 0)
        #expect(counts.marks == 0)
        #expect(fixture.arrive("a", "one") == .delivered(fixture.id(1), number: 8))
        #expect(fixture.table.fail(from: 9).isEmpty)
    }

    @Test func `what is committed stays`() {
        _ = fixture.register(1, ["k"])
        _ = fixture.arrive("k", "one")
        fixture.table.commit(through: 2)
        #expect(fixture.table.fail(from: 1).isEmpty)
        #expect(fixture.arrive("k", "one") == .duplicate(of: .delivered, number: 2))
    }
}
