import JSONWire
import Synchronization
import TestKit
import Testing

@testable import Controller

/// Lists and the ledger are answered on threads of their own, with a bound.
@Suite struct QuestionTests {
    @Test
    func `runs go on while all threads for questions are busy, and further questions are told 503`()
        throws
    {
        let fixture = try ControllerFixture()
        let busy = Blockade()
        defer { busy.end() }
        for _ in 0..<(QuestionService.threadsCount + QuestionService.waitingMax) {
            fixture.questions.goOn {
                busy.wait()
            } refused: {
            }
        }
        try eventually("all threads are busy") { busy.count == QuestionService.threadsCount }
        let quick = try fixture.begin("quick")
        try fixture.wait(for: "completed", of: quick)
        let refused = try fixture.api.get("/tasks")
        #expect(refused.status == 503, "\(refused.text)")
        #expect(refused.json["code"] == .string("overloaded"))
        #expect(refused.headers["retry-after"] == "5")
        busy.end()
        try eventually("questions are answered again") {
            try fixture.api.get("/tasks").status == 200
        }
    }

    /// Holds threads up until it ends.
    private final class Blockade: Sendable {
        private let state = Watched((count: 0, isOver: false))

        var count: Int { state.withLock { $0.count } }

        func wait() {
            state.withLock { $0.count += 1 }
            _ = state.wait(until: .standard) { $0.isOver ? true : nil }
        }

        func end() {
            state.withLock { $0.isOver = true }
        }
    }
}
