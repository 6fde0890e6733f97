internal import HTTPWire
package import Primitives

/// A refusal as `application/problem+json` says it (RFC 9457).
package struct Problem: Error, Sendable {
    /// The status of the answer.
    package var status: Int
    /// The stable word for what is wrong.
    package var code: ProblemCode
    /// A sentence for a person; it holds no secret.
    ///
    /// Empty leaves `detail` out.
    package var detail: String
    /// When to try again, as `Retry-After`.
    package var retryAfterSeconds: Int?
    /// Further header fields of the answer.
    package var headers: [(name: String, value: String)]
    /// Further members of the object: names, and their values as JSON text.
    package var members: [(name: String, json: String)]
    /// Where in the configuration the cause is written; the operator is told, the client is not.
    package var place: String?

    /// The request's method and path, for the operator; the client is not told.
    package var line = ProblemReport.Line()

    /// What the operator is told besides, as a sentence, in the ledger; the client is not.
    package var note: String?

    /// The same with the method and the path of the request that it refuses.
    ///
    /// - Complexity: two texts are made.
    package func refusing(_ request: borrowing Request) -> Problem {
        var problem = self
        problem.line = request.line
        return problem
    }

    /// Describes a refusal.
    package init(
        status: Int,
        code: ProblemCode,
        detail: String = "",
        retryAfterSeconds: Int? = nil,
        headers: [(name: String, value: String)] = [],
        members: [(name: String, json: String)] = []
    ) {
        self.status = status
        self.code = code
        self.detail = detail
        self.retryAfterSeconds = retryAfterSeconds
        self.headers = headers
        self.members = members
    }

    /// The status's phrase, as the type `about:blank` wants it (RFC 9457, 4.2.1); the code's words for one without.
    package var title: String {
        let phrase = StatusLine.phrase(status)
        if !phrase.isEmpty { return phrase }
        let words = code.rawValue.split(separator: "_").joined(separator: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }
}
