internal import Primitives

/// How often and when a step is tried again.
struct RetryPolicy: Sendable {
    /// All tries, the first included.
    let attemptsMax: Int
    let delay: Nanoseconds
    let isExponential: Bool
    let delayMax: Nanoseconds?
    /// The causes that are worth another try; empty for all.
    let causes: [ProblemCode]

    /// One try.
    static let none = RetryPolicy(
        attemptsMax: 1,
        delay: Nanoseconds(0),
        isExponential: false,
        delayMax: nil,
        causes: []
    )

    /// Whether a step that failed in its `tries`-th try for this cause is tried again.
    func allows(after tries: Int, code: ProblemCode) -> Bool {
        tries < attemptsMax && (causes.isEmpty || causes.contains(code))
    }

    /// The pause after the `tries`-th try: exact where it is fixed, up to a quarter longer where it is exponential.
    func pause(after tries: Int, random: UInt64) -> Nanoseconds {
        guard isExponential else { return capped(delay) }
        let factor = Int64(1) << Int64(min(max(tries - 1, 0), 40))
        let (product, overflow) = delay.count.multipliedReportingOverflow(by: factor)
        let base = capped(Nanoseconds(overflow ? .max : product))
        let jitter = Int64(clamping: random % UInt64(max(base.count / 4, 0) + 1))
        let (sum, tooLong) = base.count.addingReportingOverflow(jitter)
        return Nanoseconds(tooLong ? .max : sum)
    }

    private func capped(_ pause: Nanoseconds) -> Nanoseconds {
        delayMax.map { min($0, pause) } ?? pause
    }
}
