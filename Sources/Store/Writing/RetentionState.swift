internal import Primitives

/// How far removing what is old has come.
struct RetentionState {
    /// What is removed next.
    var phase = Phase.runs
    /// The last chunk of runs that was looked at.
    var runs: Int64 = -1
    /// The last chunk of requests that was looked at.
    var chunk: UInt64 = 0
    /// The highest event of a run that ended long enough ago: what ended before it did too, whatever its clock said.
    var runsEnd: UInt64 = 0
    /// The highest mark that is past its time.
    var marksEnd: UInt64 = 0

    /// What is removed, in this order.
    enum Phase: Int, CaseIterable {
        case runs
        /// Runs that began when the clock was ahead of what it is now.
        case aheadRuns
        case passingRequests
        case requests
        case marks
        case reusableMarks
        case claims
        case texts
    }

    /// Goes on to the next phase.
    ///
    /// - Returns: Whether there was one; otherwise it begins anew.
    mutating func advance() -> Bool {
        runs = -1
        chunk = 0
        guard let next = Phase(rawValue: phase.rawValue + 1) else {
            phase = .runs
            return false
        }
        phase = next
        return true
    }
}
