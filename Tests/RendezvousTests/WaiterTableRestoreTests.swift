import Primitives
import Rendezvous
import Testing

/// Waits that are put back after a restart.
@Suite struct WaiterTableRestoreTests {
    private let desk: Desk

    init() {
        var configuration = WaiterTable.Configuration()
        configuration.lastNumber = 1_000
        desk = Desk(configuration)
    }

    private func restore(_ number: Int, _ keys: [(String, UInt64)]) -> Bool {
        desk.table.restore(
            desk.id(number),
            keys: keys.map { NumberedKey(Keys.key($0), $1) },
            deadline: desk.at(1_000_000)
        )
    }

    @Test(arguments: [[3, 1, 2], [1, 2, 3], [2, 3, 1], [3, 2, 1]])
    func `the oldest waiter of a key is answered first, in whatever order they come back`(
        _ order: [Int]
    ) {
        for number in order { #expect(restore(number, [("k", UInt64(number))])) }
        desk.table.finishRestoringWaits()
        for number in 1...3 {
            guard case .delivered(let id, _) = desk.arrive("k", "content \(number)") else {
                Issue.record("callback \(number) is not delivered")
                return
            }
            #expect(id == desk.id(number))
        }
        #expect(desk.table.counts.waiters == 0)
    }

    @Test func `each key of a wait counts from when it was given it`() {
        #expect(restore(1, [("a", 1), ("k", 9)]))
        #expect(restore(2, [("k", 5), ("b", 5)]))
        #expect(restore(3, [("b", 2)]))
        desk.table.finishRestoringWaits()
        #expect(desk.arrive("k", "one") == .delivered(desk.id(2), number: 1_001))
        #expect(desk.arrive("b", "one") == .delivered(desk.id(3), number: 1_002))
        #expect(desk.arrive("k", "two") == .delivered(desk.id(1), number: 1_003))
        #expect(desk.table.counts.waiters == 0)
    }

    @Test func `waiters that come later stand behind those that were restored`() {
        for number in [7, 4] { #expect(restore(number, [("k", UInt64(number))])) }
        desk.table.finishRestoringWaits()
        #expect(desk.register(9, ["k"]) == .waiting(1_001))
        for (place, number) in [4, 7, 9].enumerated() {
            let arrival = desk.arrive("k", "content \(place)")
            #expect(arrival == .delivered(desk.id(number), number: UInt64(1_002 + place)))
        }
    }
}
