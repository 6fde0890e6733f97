import Primitives
import Rendezvous
import Testing

/// The contracts of the table, one story each.
@Suite struct WaiterTableTests {
    private let fixture = WaiterTableFixture()

    @Test func `a callback ends its wait once, and the repeat is told so`() {
        #expect(fixture.register(1, ["k"]) == .waiting(1))
        #expect(fixture.arrive("k", "one") == .delivered(fixture.id(1), number: 2))
        #expect(fixture.arrive("k", "one") == .duplicate(of: .delivered, number: 2))
        #expect(fixture.arrive("k", "two") == .conflict(.answered, number: 2))
        #expect(fixture.table.counts.waiters == 0)
    }

    @Test func `a callback that comes first is held and handed over`() {
        #expect(fixture.arrive("k", "one") == .held(number: 1))
        #expect(fixture.arrive("k", "one") == .duplicate(of: .held, number: 1))
        #expect(fixture.arrive("k", "two") == .held(number: 2))
        #expect(fixture.register(1, ["k"]) == .matched(1, 3))
        #expect(fixture.arrive("k", "one") == .duplicate(of: .delivered, number: 3))
        #expect(fixture.arrive("k", "two") == .duplicate(of: .held, number: 2))
        #expect(fixture.register(2, ["k"]) == .matched(2, 4))
    }

    @Test func `the oldest waiter of a key is answered first`() {
        for number in 1...3 { _ = fixture.register(number, ["k"]) }
        for number in 1...3 {
            let arrival = fixture.arrive("k", "content \(number)")
            #expect(arrival == .delivered(fixture.id(number), number: UInt64(3 + number)))
        }
    }

    @Test(arguments: [EndedHow.cancelled, .timedOut])
    func `a key whose wait ended without a callback refuses one`(_ how: EndedHow) {
        _ = fixture.register(1, ["k"])
        #expect(fixture.table.end(fixture.id(1), how: how, now: fixture.now) == .ended(number: 2))
        #expect(fixture.arrive("k", "one") == .conflict(how, number: 2))
        #expect(fixture.table.end(fixture.id(1), how: how, now: fixture.now) == .lost)
        #expect(fixture.register(2, ["k"]) == .waiting(3))
        #expect(fixture.arrive("k", "one") == .delivered(fixture.id(2), number: 4))
    }

    @Test func `whoever answers one key of a wait closes the others`() {
        _ = fixture.register(1, ["a", "b"])
        #expect(fixture.addKey(1, "c") == .waiting(2))
        #expect(fixture.arrive("b", "one") == .delivered(fixture.id(1), number: 3))
        for key in ["a", "c"] {
            #expect(fixture.arrive(key, "one") == .conflict(.answered, number: 3))
        }
        #expect(fixture.addKey(1, "d") == .gone)
        #expect(fixture.table.end(fixture.id(1), how: .cancelled, now: fixture.now) == .lost)
    }

    @Test func `a further key fetches what is held for it`() {
        _ = fixture.register(1, ["a"])
        #expect(fixture.arrive("task-123", "early") == .held(number: 2))
        #expect(fixture.addKey(1, "task-123") == .matched(1, 3))
        #expect(fixture.arrive("a", "late") == .conflict(.answered, number: 3))
        #expect(fixture.arrive("task-123", "early") == .duplicate(of: .delivered, number: 3))
        #expect(fixture.table.counts.waiters == 0)
    }

    @Test func `reused keys never refuse, and recognise repeats until a waiter registers`() {
        let reuse = ArriveOptions(reuseKeys: true)
        _ = fixture.register(1, ["k"])
        #expect(fixture.arrive("k", "ok", reuse) == .delivered(fixture.id(1), number: 2))
        #expect(fixture.arrive("k", "ok", reuse) == .duplicate(of: .delivered, number: 2))
        #expect(fixture.arrive("k", "other", reuse) == .held(number: 3))
        #expect(fixture.register(2, ["k"]) == .matched(1, 4))
        #expect(fixture.register(3, ["k"]) == .waiting(5))
        #expect(fixture.arrive("k", "ok", reuse) == .delivered(fixture.id(3), number: 6))
    }

    @Test func `an endpoint that rejects holds nothing`() {
        let reject = ArriveOptions(rejectUnmatched: true)
        #expect(fixture.arrive("k", "one", reject) == .rejected)
        #expect(fixture.table.counts.held == 0)
        #expect(fixture.register(1, ["k"]) == .waiting(1))
    }

    @Test func `keys of different channels never meet`() {
        _ = fixture.register(1, ["k"])
        let arrival = fixture.arrive(WaitKey(channel: Channel(number: 3), bytes: [107]), "one")
        #expect(arrival == .held(number: 2))
        #expect(fixture.arrive("k", "one") == .delivered(fixture.id(1), number: 3))
    }

    @Test func `keys of a wrong length are refused`() {
        let long = String(repeating: "x", count: 1025)
        #expect(fixture.arrive("", "one") == .rejected)
        #expect(fixture.arrive(long, "one") == .rejected)
        #expect(fixture.register(1, ["k", long]) == .refused(.keyInvalid))
        #expect(fixture.register(1, []) == .refused(.keyInvalid))
        #expect(fixture.register(1, ["k"]) == .waiting(1))
        #expect(fixture.addKey(1, "") == .refused(.keyInvalid))
        #expect(fixture.register(1, ["k"]) == .refused(.exists))
    }
}
