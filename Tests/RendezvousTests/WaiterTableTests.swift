import Primitives
import Rendezvous
import Testing

/// The contracts of the table, one story each.
@Suite struct WaiterTableTests {
    private let desk = Desk()

    @Test func `a callback ends its wait once, and the repeat is told so`() {
        #expect(desk.register(1, ["k"]) == .waiting(1))
        #expect(desk.arrive("k", "one") == .delivered(desk.id(1), number: 2))
        #expect(desk.arrive("k", "one") == .duplicate(of: .delivered, number: 2))
        #expect(desk.arrive("k", "two") == .conflict(.answered, number: 2))
        #expect(desk.table.counts.waiters == 0)
    }

    @Test func `a callback that comes first is held and handed over`() {
        #expect(desk.arrive("k", "one") == .held(number: 1))
        #expect(desk.arrive("k", "one") == .duplicate(of: .held, number: 1))
        #expect(desk.arrive("k", "two") == .held(number: 2))
        #expect(desk.register(1, ["k"]) == .matched(1, 3))
        #expect(desk.arrive("k", "one") == .duplicate(of: .delivered, number: 3))
        #expect(desk.arrive("k", "two") == .duplicate(of: .held, number: 2))
        #expect(desk.register(2, ["k"]) == .matched(2, 4))
    }

    @Test func `the oldest waiter of a key is answered first`() {
        for number in 1...3 { _ = desk.register(number, ["k"]) }
        for number in 1...3 {
            let arrival = desk.arrive("k", "content \(number)")
            #expect(arrival == .delivered(desk.id(number), number: UInt64(3 + number)))
        }
    }

    @Test(arguments: [EndedHow.cancelled, .timedOut])
    func `a key whose wait ended without a callback refuses one`(_ how: EndedHow) {
        _ = desk.register(1, ["k"])
        #expect(desk.table.end(desk.id(1), how: how, now: desk.now) == .ended(number: 2))
        #expect(desk.arrive("k", "one") == .conflict(how, number: 2))
        #expect(desk.table.end(desk.id(1), how: how, now: desk.now) == .lost)
        #expect(desk.register(2, ["k"]) == .waiting(3))
        #expect(desk.arrive("k", "one") == .delivered(desk.id(2), number: 4))
    }

    @Test func `whoever answers one key of a wait closes the others`() {
        _ = desk.register(1, ["a", "b"])
        #expect(desk.addKey(1, "c") == .waiting(2))
        #expect(desk.arrive("b", "one") == .delivered(desk.id(1), number: 3))
        for key in ["a", "c"] {
            #expect(desk.arrive(key, "one") == .conflict(.answered, number: 3))
        }
        #expect(desk.addKey(1, "d") == .gone)
        #expect(desk.table.end(desk.id(1), how: .cancelled, now: desk.now) == .lost)
    }

    @Test func `a further key fetches what is held for it`() {
        _ = desk.register(1, ["a"])
        #expect(desk.arrive("task-123", "early") == .held(number: 2))
        #expect(desk.addKey(1, "task-123") == .matched(1, 3))
        #expect(desk.arrive("a", "late") == .conflict(.answered, number: 3))
        #expect(desk.arrive("task-123", "early") == .duplicate(of: .delivered, number: 3))
        #expect(desk.table.counts.waiters == 0)
    }

    @Test func `reused keys never refuse, and recognise repeats until a waiter registers`() {
        let reuse = ArriveOptions(reuseKeys: true)
        _ = desk.register(1, ["k"])
        #expect(desk.arrive("k", "ok", reuse) == .delivered(desk.id(1), number: 2))
        #expect(desk.arrive("k", "ok", reuse) == .duplicate(of: .delivered, number: 2))
        #expect(desk.arrive("k", "other", reuse) == .held(number: 3))
        #expect(desk.register(2, ["k"]) == .matched(1, 4))
        #expect(desk.register(3, ["k"]) == .waiting(5))
        #expect(desk.arrive("k", "ok", reuse) == .delivered(desk.id(3), number: 6))
    }

    @Test func `an endpoint that rejects holds nothing`() {
        let reject = ArriveOptions(rejectUnmatched: true)
        #expect(desk.arrive("k", "one", reject) == .rejected)
        #expect(desk.table.counts.held == 0)
        #expect(desk.register(1, ["k"]) == .waiting(1))
    }

    @Test func `keys of different channels never meet`() {
        _ = desk.register(1, ["k"])
        let arrival = desk.arrive(WaitKey(channel: Channel(number: 3), bytes: [107]), "one")
        #expect(arrival == .held(number: 2))
        #expect(desk.arrive("k", "one") == .delivered(desk.id(1), number: 3))
    }

    @Test func `keys of a wrong length are refused`() {
        let long = String(repeating: "x", count: 1025)
        #expect(desk.arrive("", "one") == .rejected)
        #expect(desk.arrive(long, "one") == .rejected)
        #expect(desk.register(1, ["k", long]) == .refused(.keyInvalid))
        #expect(desk.register(1, []) == .refused(.keyInvalid))
        #expect(desk.register(1, ["k"]) == .waiting(1))
        #expect(desk.addKey(1, "") == .refused(.keyInvalid))
        #expect(desk.register(1, ["k"]) == .refused(.exists))
    }
}
