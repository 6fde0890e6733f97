import Primitives

/// What one loop has counted.
struct Tally: Sendable {
    /// Requests that were sent.
    var sent = 0
    /// How many answers had each status.
    var statuses: [Int: Int] = [:]
    /// Callbacks that the answers call delivered.
    var delivered = 0
    /// Callbacks that the answers call held.
    var held = 0
    /// Callbacks or answers that say `duplicate`.
    var duplicates = 0
    /// Answers with 2xx whose body was not as it should be.
    var unexpected = 0
    /// Requests whose connection closed before their answer.
    var lost = 0
    /// Requests whose answer did not come in time.
    var timeouts = 0
    /// Connections that could not be made.
    var refused = 0
    /// Answers with 503 that do not say when to come again.
    var shedWithoutRetryAfter = 0
    /// Requests that were due in an open loop and not sent before the end.
    var unsent = 0
    /// The ids of started runs, 36 bytes each.
    var runs: [UInt8] = []
    /// The first thing that went wrong, for people.
    var firstTrouble: String?
    /// When the first request was sent, and the last answer came.
    var began = UInt64.max
    var ended: UInt64 = 0

    /// Answers in all.
    var answered: Int { statuses.values.reduce(0, +) }
    /// Answers that say success.
    var succeeded: Int { count(200..<300) }

    /// Answers in a range of statuses.
    func count(_ range: Range<Int>) -> Int {
        statuses.reduce(0) { $0 + (range.contains($1.key) ? $1.value : 0) }
    }

    /// Whether every request was answered with success.
    var isClean: Bool {
        lost == 0 && timeouts == 0 && refused == 0 && unexpected == 0 && unsent == 0
            && succeeded == sent && duplicates == 0
    }

    /// Adds what another loop has counted.
    mutating func add(_ other: Tally) {
        sent += other.sent
        statuses.merge(other.statuses, uniquingKeysWith: +)
        delivered += other.delivered
        held += other.held
        duplicates += other.duplicates
        unexpected += other.unexpected
        lost += other.lost
        timeouts += other.timeouts
        refused += other.refused
        shedWithoutRetryAfter += other.shedWithoutRetryAfter
        unsent += other.unsent
        runs += other.runs
        firstTrouble = firstTrouble ?? other.firstTrouble
        began = min(began, other.began)
        ended = max(ended, other.ended)
    }
}
