import Primitives
import Rendezvous
import Testing

/// Deadlines, bounds, and what is taken back.
@Suite struct WaiterTableTimeTests {
    private let desk = Desk()

    @Test func `a wait ends at its deadline and not before`() {
        _ = desk.register(1, ["a", "b"], deadline: 500)
        #expect(desk.table.expire(now: desk.at(499)).isEmpty)
        #expect(desk.table.nextDeadline().map { $0 <= desk.at(500) } == true)
        let expiries = desk.table.expire(now: desk.at(500))
        #expect(expiries.map(\.number) == [2])
        #expect(desk.arrive("a", "late") == .conflict(.timedOut, number: 2))
        #expect(desk.arrive("b", "late") == .conflict(.timedOut, number: 2))
        #expect(desk.table.expire(now: desk.at(600)).isEmpty)
    }

    @Test func `a deadline that meets an uncommitted match loses until that is undone`() {
        _ = desk.register(1, ["k"], deadline: 100)
        desk.table.commit(through: 1)
        _ = desk.arrive("k", "one")
        #expect(desk.table.expire(now: desk.at(200)).isEmpty)
        #expect(desk.table.end(desk.id(1), how: .cancelled, now: desk.at(200)) == .lost)
        let undone = desk.table.fail(from: 2)
        #expect(undone == [UndoneDecision(number: 2, kind: .delivered(desk.id(1)))])
        #expect(desk.table.expire(now: desk.at(200)).map(\.number) == [3])
    }

    @Test func `a held callback that nobody fetches is given up`() {
        let options = ArriveOptions(holdFor: .milliseconds(50))
        #expect(desk.arrive("k", "one", options) == .held(number: 1))
        #expect(desk.table.expire(now: desk.at(49)).isEmpty)
        guard
            case .unfetched(let record, heldNumber: 1, number: 2)? = desk.table.expire(
                now: desk.at(50)
            ).first
        else {
            Issue.record("nothing expired")
            return
        }
        #expect(record.key == WaitKey(channel: .standard, bytes: [107]))
        #expect(desk.table.counts.held == 0)
        #expect(desk.arrive("k", "one", options) == .held(number: 3))
    }

    @Test func `an end is forgotten in time, but never before its commit`() {
        let desk = Desk(WaiterTable.Configuration(rememberFor: .milliseconds(100)))
        _ = desk.register(1, ["k"])
        _ = desk.arrive("k", "one")
        _ = desk.table.expire(now: desk.at(1000))
        #expect(desk.arrive("k", "two") == .conflict(.answered, number: 2))
        desk.table.commit(through: 2)
        #expect(desk.table.nextDeadline().map { $0 <= desk.at(1000) } == true)
        _ = desk.table.expire(now: desk.at(1000))
        #expect(desk.table.counts.marks == 0)
        #expect(desk.arrive("k", "two") == .held(number: 3))
    }

    @Test func `beyond the bound the oldest ends go, counted`() {
        let desk = Desk(WaiterTable.Configuration(shards: 1, rememberedCountMax: 10))
        for number in 1...30 {
            _ = desk.register(number, ["k\(number)"])
            _ = desk.arrive("k\(number)", "one")
            desk.table.commit(through: desk.table.lastNumber)
        }
        let counts = desk.table.counts
        #expect(counts.marks <= 11 && counts.marks + counts.marksEvicted == 30)
        #expect(desk.arrive("k30", "two") == .conflict(.answered, number: 60))
        #expect(desk.arrive("k1", "two") == .held(number: 61))
    }

    @Test func `a listener holds no more than it may, in number and in bytes`() {
        let few = WaiterTable.HeldLimits(countMax: 2, bytesMax: 1000)
        let small = WaiterTable.HeldLimits(countMax: 100, bytesMax: 8)
        let desk = Desk(WaiterTable.Configuration(heldLimits: [few, small]))
        let options = [ArriveOptions(), ArriveOptions(listener: 1)]
        #expect(desk.arrive("a", "1", options[0]) == .held(number: 1))
        #expect(desk.arrive("b", "1", options[0]) == .held(number: 2))
        #expect(desk.arrive("c", "1", options[0]) == .heldFull)
        #expect(desk.arrive("d", "1", options[1]) == .held(number: 3))
        #expect(desk.arrive("a-key-of-some-length", "1", options[1]) == .heldFull)
        #expect(desk.table.counts.held == 3)
        _ = desk.register(1, ["a"])
        #expect(desk.arrive("c", "1", options[0]) == .held(number: 5))
    }

    @Test func `no more waits are open than may be`() {
        let desk = Desk(WaiterTable.Configuration(waitersMax: 2))
        #expect(desk.register(1, ["a"]) == .waiting(1))
        #expect(desk.register(2, ["b"]) == .waiting(2))
        #expect(desk.register(3, ["c"]) == .refused(.full(limit: 2)))
        _ = desk.arrive("a", "one")
        #expect(desk.register(3, ["c"]) == .waiting(4))
    }

    @Test func `everything uncommitted is taken back, newest first`() {
        _ = desk.register(1, ["a"])
        desk.table.commit(through: 1)
        _ = desk.arrive("early", "one")
        _ = desk.register(2, ["early", "other"])
        _ = desk.arrive("a", "one")
        _ = desk.register(3, ["c"])
        _ = desk.addKey(3, "d")
        _ = desk.table.end(desk.id(3), how: .cancelled, now: desk.now)
        let undone = desk.table.fail(from: 2)
        #expect(undone.map(\.number) == [7, 6, 5, 4, 3, 2])
        #expect(
            undone.map(\.kind) == [
                .ended(desk.id(3), .cancelled), .keyAdded(desk.id(3)), .registered(desk.id(3)),
                .delivered(desk.id(1)), .matchedAtRegistration(desk.id(2)), .held,
            ]
        )
        let counts = desk.table.counts
        #expect(counts.waiters == 1 && counts.held == 0 && counts.heldBytes == 0)
        #expect(counts.marks == 0)
        #expect(desk.arrive("a", "one") == .delivered(desk.id(1), number: 8))
        #expect(desk.table.fail(from: 9).isEmpty)
    }

    @Test func `what is committed stays`() {
        _ = desk.register(1, ["k"])
        _ = desk.arrive("k", "one")
        desk.table.commit(through: 2)
        #expect(desk.table.fail(from: 1).isEmpty)
        #expect(desk.arrive("k", "one") == .duplicate(of: .delivered, number: 2))
    }
}
