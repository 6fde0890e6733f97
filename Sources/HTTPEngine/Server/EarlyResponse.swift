internal import HTTPWire

/// What the engine itself answers to a request, before any handler is asked.
///
/// A class, because most requests have none: no place for a whole problem has to be cleared for each of them.
final class EarlyResponse {
    /// The kinds of answers.
    enum Kind {
        /// A problem. Where `closes`, the body is not read and the connection ends with the answer.
        case problem(Problem, closes: Bool)
        /// An OPTIONS request that no route serves: the methods there are.
        case methods(MethodSet)
        /// A HEAD request that only probes.
        case probe
    }

    /// What is answered.
    let kind: Kind

    init(_ kind: Kind) {
        self.kind = kind
    }
}
