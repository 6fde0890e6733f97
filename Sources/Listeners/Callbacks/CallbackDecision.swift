package import HTTPEngine
internal import Journal

/// What a request is told, and the journal number that must be settled before it is.
package struct CallbackDecision: Sendable {
    /// The answer's two forms.
    package enum Answer: Sendable {
        /// A 2xx with a JSON body.
        case fast(status: Int, body: [UInt8])
        /// A 2xx of a status that has no body.
        case empty(status: Int)
        /// A refusal.
        case problem(Problem)
    }

    /// The answer.
    package internal(set) var answer: Answer
    /// The highest number it rests on; 0 where it rests on none.
    package internal(set) var number: UInt64
    /// The first number that the request drew; nil where it drew one or none.
    var firstNumber: UInt64?
    /// What the ledger is told of the request; nil where the record of its callback tells it.
    let fate: RequestFate?

    /// The answer as it is given when it is known whether what it rests on is committed.
    func reply(
        isCommitted: Bool,
        _ commit: JournalCommit,
        fields: [(name: String, value: String)]
    ) -> Reply {
        guard isCommitted else {
            return .problem(commit.notStored(number, from: firstNumber))
        }
        return switch answer {
        case .fast(let status, let body): .response(.json(status, body, headers: fields))
        case .empty(let status): .response(Response(status: status, headers: fields))
        case .problem(let problem): .problem(problem)
        }
    }

    /// The same, a refusal with the method and the path of its request.
    func naming(_ line: ProblemReport.Line) -> CallbackDecision {
        guard case .problem(var problem) = answer else { return self }
        problem.line = line
        var decision = self
        decision.answer = .problem(problem)
        return decision
    }

    /// A refusal that rests on nothing.
    static func refused(_ problem: Problem) -> CallbackDecision {
        CallbackDecision(
            answer: .problem(problem),
            number: 0,
            fate: RequestFate(status: .rejected, code: problem.code, note: problem.toldOperator)
        )
    }

    /// The decision on a request that carried one callback; `status` is that of its success answers where it has one of
    /// its own (`respond`).
    init(_ outcome: MatchOutcome, status: Int?) {
        answer = outcome.answer.reply(status: status)
        number = outcome.number
        firstNumber = nil
        fate = outcome.fate
    }

    /// Pairs an answer with what it rests on.
    init(answer: Answer, number: UInt64, from first: UInt64? = nil, fate: RequestFate?) {
        self.answer = answer
        self.number = number
        firstNumber = first
        self.fate = fate
    }
}

extension CallbackDecision.Answer {
    /// A success answer; one of 204 or 205 has no body (RFC 9110, 15.3.5 and 15.3.6).
    static func success(status: Int, body: [UInt8]) -> CallbackDecision.Answer {
        status == 204 || status == 205 ? .empty(status: status) : .fast(status: status, body: body)
    }
}
