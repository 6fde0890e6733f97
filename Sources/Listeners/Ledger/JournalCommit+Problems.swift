package import HTTPEngine
internal import Journal
internal import Primitives

/// What senders are told of what could not be stored.
extension JournalCommit {
    /// What a sender is told whose request was taken, but could not be stored.
    ///
    /// - Parameters:
    ///   - number: The highest number that its answer rests on, which will not be committed.
    ///   - first: The first number that the request drew, where it drew several: what a restart may find of it, or what is
    ///     stored already, counts for all of it.
    /// - Returns: 503 `journal_unavailable` for what is refused for good, else `outcome_unknown`.
    package func notStored(_ number: UInt64, from first: UInt64? = nil) -> Problem {
        let first = first ?? number
        guard isOutcomeUnknown(first) || isOutcomeUnknown(number) || status(of: first) == true
        else {
            return RequestRecorder.notStored
        }
        return Problem(
            status: 503,
            code: .outcomeUnknown,
            detail:
                "The disk failed while the request was being stored, and all or part of it may have taken effect; send it "
                + "again: what has taken effect is answered as a duplicate.",
            retryAfterSeconds: 5
        )
    }
}
