internal import HTTPEngine
internal import JSONWire
internal import Journal
internal import Primitives

/// What became of the items of a bulk callback.
struct BulkTally {
    private var delivered = 0
    private var held = 0
    private var progress = 0
    private var duplicates = 0
    private var rejected: [JSONValue] = []
    private var items = ItemPrints()
    private var refused: [LedgerNote.RefusedItem] = []
    private var firstProblem: Problem?
    private var refusedForNow: Problem?
    private var number: UInt64 = 0
    /// The first number that an item drew, and not one before it that it repeats.
    private var firstNumber: UInt64?

    /// Counts an item that was decided.
    mutating func count(_ outcome: MatchOutcome, index: Int) {
        number = max(number, outcome.number)
        if let print = outcome.itemPrint { items.add(print) }
        switch outcome.answer {
        case .delivered(false):
            delivered += 1
            noteFirst(outcome.number)
        case .held(false):
            held += 1
            noteFirst(outcome.number)
        case .delivered(true), .held(true): duplicates += 1
        case .progress: progress += 1
        case .conflict, .unmatched, .tooLarge, .heldFull:
            if let problem = outcome.answer.problem { reject(problem, index: index) }
        }
    }

    private mutating func noteFirst(_ number: UInt64) {
        if number != 0 { firstNumber = min(firstNumber ?? number, number) }
    }

    /// Counts an item that was refused.
    mutating func reject(_ problem: Problem, index: Int) {
        if firstProblem == nil { firstProblem = problem }
        if problem.status >= 500 || problem.status == 429 { refusedForNow = problem }
        if refused.count < LedgerNote.refusedItemsMax {
            refused.append(.init(index: index, code: problem.code.rawValue))
        }
        rejected.append(
            .object([
                "index": .integer(Int64(clamping: index)),
                "code": .string(problem.code.rawValue), "detail": .string(problem.detail),
            ])
        )
    }

    /// The answer: 200 when every item was taken or refused for good, 422 when all were refused for good, 503 when any
    /// was refused for now (a retry finds the taken ones as duplicates).
    ///
    /// `status` stands for the 200 where it is given.
    func decision(status: Int?) -> CallbackDecision {
        let taken = delivered + held + progress + duplicates
        if let refusedForNow {
            return refusal(refusedForNow, status: 503)
        }
        if taken == 0, let firstProblem {
            return refusal(firstProblem, status: 422)
        }
        return CallbackDecision(
            answer: .success(
                status: status ?? 200,
                body: JSONValue.object(members("processed")).jsonBytes
            ),
            number: number,
            from: firstNumber,
            fate: RequestFate(
                status: .bulk,
                note: LedgerNote.bulk(
                    taken: taken,
                    refusedCount: rejected.count,
                    refused: refused
                ),
                items: items
            )
        )
    }

    private func refusal(_ first: Problem, status: Int) -> CallbackDecision {
        var problem = Problem(
            status: status,
            code: first.code,
            detail: first.detail,
            retryAfterSeconds: first.retryAfterSeconds
        )
        problem.place = first.place
        problem.members = members(nil).members.map { ($0.name, $0.value.jsonText) }
        return CallbackDecision(
            answer: .problem(problem),
            number: number,
            from: firstNumber,
            fate: RequestFate(
                status: .rejected,
                code: first.code,
                note: first.toldOperator + LedgerNote.lines(refused),
                items: items
            )
        )
    }

    private func members(_ status: String?) -> JSONObject {
        var object = JSONObject()
        if let status { object["status"] = .string(status) }
        object["delivered"] = .integer(Int64(clamping: delivered))
        object["held"] = .integer(Int64(clamping: held))
        object["progress"] = .integer(Int64(clamping: progress))
        object["duplicates"] = .integer(Int64(clamping: duplicates))
        object["rejected"] = .array(rejected)
        return object
    }
}
