internal import HTTPEngine
internal import Journal
package import Primitives
internal import Rendezvous

/// What the sender of a callback is told.
enum CallbackAnswer: Hashable, Sendable {
    case delivered(isDuplicate: Bool)
    case held(isDuplicate: Bool)
    /// Still working: nothing changed.
    case progress
    /// Another callback, a cancel or the deadline ended the wait for this key before.
    case conflict(EndedHow)
    /// Nobody waits for the key and the endpoint holds nothing.
    case unmatched
    /// Its result does not fit beside what the run holds that waits for it.
    case tooLarge
    /// As many callbacks are held as the listener may hold.
    case heldFull
}

extension MatchOutcome {
    /// The answer to a decision of the waiter table.
    init(_ arrival: Arrival) {
        switch arrival {
        case .delivered(_, let number):
            self.init(answer: .delivered(isDuplicate: false), number: number)
        case .held(let number): self.init(answer: .held(isDuplicate: false), number: number)
        case .duplicate(of: .delivered, let number):
            self.init(answer: .delivered(isDuplicate: true), number: number)
        case .duplicate(of: .held, let number):
            self.init(answer: .held(isDuplicate: true), number: number)
        case .conflict(let how, let number): self.init(answer: .conflict(how), number: number)
        case .rejected: self.init(answer: .unmatched, number: 0)
        case .tooLarge: self.init(answer: .tooLarge, number: 0)
        case .heldFull: self.init(answer: .heldFull, number: 0)
        }
    }
}

extension CallbackAnswer {
    /// What the sender is told; `status` is that of a 2xx where the endpoint has one of its own (`respond`).
    func reply(status: Int?) -> CallbackDecision.Answer {
        switch self {
        case .delivered(false): .success(status: status ?? 200, body: Self.deliveredBody)
        case .delivered(true): .success(status: status ?? 200, body: Self.deliveredAgainBody)
        case .held(false): .success(status: status ?? 202, body: Self.heldBody)
        case .held(true): .success(status: status ?? 202, body: Self.heldAgainBody)
        case .progress: .success(status: status ?? 200, body: Self.progressBody)
        case .conflict(let how): .problem(Self.conflict(how))
        case .unmatched: .problem(Self.noWaiter)
        case .tooLarge: .problem(Self.resultTooLarge)
        case .heldFull: .problem(Self.noRoom)
        }
    }

    /// The refusal of an answer that is one; nil for what was taken.
    var problem: Problem? {
        switch self {
        case .delivered, .held, .progress: nil
        case .conflict(let how): Self.conflict(how)
        case .unmatched: Self.noWaiter
        case .tooLarge: Self.resultTooLarge
        case .heldFull: Self.noRoom
        }
    }

    private static func conflict(_ how: EndedHow) -> Problem {
        Problem(status: 409, code: how.code, detail: how.sentence)
    }

    private static var noWaiter: Problem {
        Problem(
            status: 404,
            code: .noWaiter,
            detail: "No run waits for this key, and this endpoint does not hold callbacks."
        )
    }

    private static var resultTooLarge: Problem {
        Problem(
            status: 413,
            code: .stateTooLarge,
            detail:
                "The result is too large for what the waiting run may still hold; the run goes on waiting."
        )
    }

    private static var noRoom: Problem {
        Problem(
            status: 503,
            code: .heldFull,
            detail:
                "This listener already holds as many callbacks as it may; send it again later.",
            retryAfterSeconds: 5
        )
    }

    /// What the ledger is told of the request; nil where the callback's own record tells it.
    var fate: RequestFate? {
        switch self {
        case .delivered(false), .held(false): nil
        case .delivered(true), .held(true): RequestFate(status: .duplicate, note: logLine)
        case .progress: RequestFate(status: .progress)
        case .conflict, .unmatched, .tooLarge, .heldFull:
            RequestFate(status: .rejected, code: problem?.code, note: problem?.detail ?? "")
        }
    }

    /// How much the log makes of it: per-request lines are `debug`, refusals are worth a look.
    var logLevel: LogLevel {
        switch self {
        case .delivered, .held, .progress: .debug
        case .conflict: .info
        case .unmatched, .tooLarge, .heldFull: .warning
        }
    }

    /// The fact for the log.
    var logLine: String {
        switch self {
        case .delivered(let isDuplicate):
            isDuplicate ? "Callback repeated, delivered before" : "Callback delivered"
        case .held(let isDuplicate):
            isDuplicate
                ? "Callback repeated, held already" : "Callback held: no run waits for its key yet"
        case .progress: "Callback: the work is still in progress"
        case .conflict(let how): "Callback refused: \(how.logged)"
        case .unmatched: "Callback refused: no run waits for its key"
        case .tooLarge: "Callback refused: its result is too large for the run that waits for it"
        case .heldFull: "Callback refused: no room to hold it"
        }
    }

    private static let deliveredBody = Array(#"{"status":"delivered"}"#.utf8)
    private static let deliveredAgainBody = Array(#"{"status":"delivered","duplicate":true}"#.utf8)
    private static let heldBody = Array(#"{"status":"held"}"#.utf8)
    private static let heldAgainBody = Array(#"{"status":"held","duplicate":true}"#.utf8)
    private static let progressBody = Array(#"{"status":"progress"}"#.utf8)
}

extension EndedHow {
    fileprivate var logged: String {
        switch self {
        case .answered: "the wait for its key was answered by another callback"
        case .cancelled: "the wait for its key was cancelled"
        case .timedOut: "the wait for its key timed out"
        }
    }

    /// The stable word for a callback that came after the end.
    package var code: ProblemCode {
        switch self {
        case .answered: .callbackAnswered
        case .cancelled: .callbackCancelled
        case .timedOut: .callbackTimedOut
        }
    }

    /// The same as a sentence.
    package var sentence: String {
        switch self {
        case .answered: "The wait for this key was answered by another callback."
        case .cancelled: "The wait for this key was cancelled."
        case .timedOut: "The wait for this key timed out."
        }
    }
}
