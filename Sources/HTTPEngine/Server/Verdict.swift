internal import HTTPWire

/// What the engine itself answers to a request, before any handler is asked.
enum Verdict {
    /// A problem. Where `closes`, the body is not read and the connection ends with the answer.
    case problem(Problem, closes: Bool)
    /// An OPTIONS request that no route serves: the methods there are.
    case methods(MethodSet)
}
