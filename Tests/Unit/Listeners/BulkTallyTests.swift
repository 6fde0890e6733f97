import HTTPEngine
import Journal
import Primitives
import Rendezvous
import Testing

@testable import Listeners

/// What a request with many callbacks is answered.
@Suite struct BulkTallyTests {
    private func tally(_ outcomes: [(CallbackAnswer, UInt64)]) -> BulkTally {
        var tally = BulkTally()
        for (index, (answer, number)) in outcomes.enumerated() {
            tally.count(MatchOutcome(answer: answer, number: number), index: index)
        }
        return tally
    }

    @Test func `every item is counted under what became of it`() {
        let decision = tally([
            (.delivered(isDuplicate: false), 4), (.held(isDuplicate: false), 5),
            (.delivered(isDuplicate: true), 2), (.progress, 0), (.conflict(.answered), 3),
        ]).decision(status: nil)
        #expect(
            decision.told
                == #"200 {"status":"processed","delivered":1,"held":1,"progress":1,"duplicates":1,"#
                + #""rejected":[{"index":4,"code":"callback_answered","detail":"# + "\""
                + "The wait for this key was answered by another callback." + #""}]}"#
        )
        #expect(decision.number == 5)
        // What an item repeats was drawn by another request.
        #expect(decision.firstNumber == 4)
        #expect(decision.fate?.status == .bulk)
    }

    @Test func `an answer's status is the endpoint's own where it has one`() {
        let one = tally([(.delivered(isDuplicate: false), 1)])
        #expect(one.decision(status: 204).told == "204")
        #expect(one.decision(status: 201).told.hasPrefix("201 "))
    }

    @Test func `where all items are refused for good the request is`() {
        let decision = tally([(.unmatched, 0), (.conflict(.cancelled), 7)]).decision(status: nil)
        #expect(decision.told == "422 no_waiter")
        #expect(decision.fate?.status == .rejected)
    }

    @Test func `where one is refused for now the sender is told to come again`() {
        let decision = tally([(.delivered(isDuplicate: false), 1), (.heldFull, 0)])
            .decision(status: nil)
        #expect(decision.told == "503 held_full")
        guard case .problem(let problem) = decision.answer else { return }
        #expect(problem.retryAfterSeconds != nil)
        #expect(problem.members.contains { $0.name == "delivered" && $0.json == "1" })
    }

    @Test func `an empty list is processed`() {
        #expect(BulkTally().decision(status: nil).told.hasPrefix(#"200 {"status":"processed""#))
    }
}
