package import HTTPEngine

/// An answer, good or bad, that may get further header fields before it goes out.
package enum Reply: Sendable {
    /// An answer.
    case response(Response)
    /// A refusal.
    case problem(Problem)

    /// The same with further header fields.
    package func adding(_ headers: [(name: String, value: String)]) -> Reply {
        switch self {
        case .response(var response):
            response.headers += headers
            return .response(response)
        case .problem(var problem):
            problem.headers += headers
            return .problem(problem)
        }
    }

    /// Gives the answer.
    package func give(_ exchange: borrowing Exchange) {
        switch self {
        case .response(let response): exchange.respond(response)
        case .problem(let problem): exchange.respond(problem)
        }
    }

    /// Gives the answer, where none was given before.
    package func give(_ exchange: PendingExchange) {
        switch self {
        case .response(let response): exchange.respond(response)
        case .problem(let problem): exchange.respond(problem)
        }
    }
}
