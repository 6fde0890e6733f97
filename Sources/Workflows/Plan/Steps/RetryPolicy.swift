internal import Expressions
internal import JSONWire
internal import Primitives

/// How often and when a step is tried again.
struct RetryPolicy: Sendable {
    /// All tries, the first included.
    let attemptsMax: Int
    let delay: Nanoseconds
    let isExponential: Bool
    let delayMax: Nanoseconds?
    /// The causes that are worth another try; empty for all.
    let causes: [RetryCause]
    /// What must hold beside them; nil for nothing.
    var condition: Condition?

    /// Whether `condition` reads header fields of the answer.
    var readsHeaders: Bool { condition?.references.contains(where: \.readsHeaders) ?? false }

    /// One try.
    static let none = RetryPolicy(
        attemptsMax: 1,
        delay: Nanoseconds(0),
        isExponential: false,
        delayMax: nil,
        causes: []
    )

    /// Whether a step that failed so in its `tries`-th try may be tried again.
    func allows(after tries: Int, _ failure: StepFailure) -> Bool {
        tries < attemptsMax && (causes.isEmpty || causes.contains { $0.covers(failure) })
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

/// One entry of `retry.on`.
enum RetryCause: Sendable, Hashable {
    /// A failure with this code.
    case code(ProblemCode)
    /// An answer that was refused for its status, of which `x` in the pattern is any digit: `503`, `5xx`.
    case status(String)

    /// Reads an entry; nil where it is neither.
    init?(_ text: String) {
        if let code = ProblemCode(rawValue: text) {
            self = .code(code)
            return
        }
        let pattern = text.lowercased()
        guard StatusPattern.isPattern(pattern), let first = pattern.utf8.first,
            "345".utf8.contains(first)
        else { return nil }
        self = .status(pattern)
    }

    /// Whether a failure is of this kind.
    func covers(_ failure: StepFailure) -> Bool {
        switch self {
        case .code(let code): return failure.code == code
        case .status(let pattern):
            guard failure.code == .httpStatus || failure.code == .redirected,
                let head = failure.head
            else { return false }
            return StatusPattern.matches(String(head.status), pattern)
        }
    }
}

/// Patterns of HTTP statuses: `404`, `5xx`, `20x`.
enum StatusPattern {
    /// Whether a text is a pattern: a digit, and two digits or `x`.
    static func isPattern(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        return bytes.count == 3 && (UInt8(ascii: "1")...UInt8(ascii: "5")).contains(bytes[0])
            && bytes.dropFirst().allSatisfy { digits.contains($0) || $0 == UInt8(ascii: "x") }
    }

    /// Whether a status is one of a pattern.
    static func matches(_ status: String, _ pattern: String) -> Bool {
        status.utf8.count == pattern.utf8.count
            && zip(status.utf8, pattern.utf8).allSatisfy { digit, wanted in
                digit == wanted || wanted == UInt8(ascii: "x")
            }
    }
}

extension Reference {
    /// Whether it reads more of an answer's head than the status.
    var readsHeaders: Bool {
        guard source == .http else { return false }
        if case .member(let name)? = steps.first, name.text == "status" { return false }
        return true
    }
}
