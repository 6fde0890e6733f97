import Primitives
import Synchronization
import Testing

@Suite struct ParkerTests {
    @Test func `a call that comes first is kept`() {
        let parker = Parker()
        parker.unpark()
        parker.unpark()
        parker.park()
    }

    @Test func `two threads hand a turn back and forth`() {
        let game = Game()
        let other = WorkerThread(name: "a-name-longer-than-the-system-keeps") { game.answer(200) }
        for turn in 1...200 {
            game.ping.unpark()
            game.pong.park()
            #expect(game.turns.load(ordering: .relaxed) == turn)
        }
        other.join()
        other.join()
    }

    private final class Game: Sendable {
        let ping = Parker()
        let pong = Parker()
        let turns = Atomic<Int>(0)

        func answer(_ count: Int) {
            for _ in 0..<count {
                ping.park()
                turns.add(1, ordering: .relaxed)
                pong.unpark()
            }
        }
    }
}
