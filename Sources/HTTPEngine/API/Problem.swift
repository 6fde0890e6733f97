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

    /// The verifier that refused the request's sender, for the ledger; the client is not told.
    package var verifier: String?

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

extension Problem {
    /// The problem as a JSON object (RFC 9457, 3).
    package func json(requestID: UUIDv7) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(256)
        out += #"{"type":"about:blank","title":"#.utf8
        JSONText.append(title, to: &out)
        out += #","status":\#(status)"#.utf8
        if !detail.isEmpty {
            out += #","detail":"#.utf8
            JSONText.append(detail, to: &out)
        }
        out += #","code":"\#(code.rawValue)","request_id":""#.utf8
        out.append(uuid: requestID)
        out.append(UInt8(ascii: "\""))
        if let retryAfterSeconds { out += #","retry_after":\#(retryAfterSeconds)"#.utf8 }
        for member in members {
            out.append(UInt8(ascii: ","))
            JSONText.append(member.name, to: &out)
            out.append(UInt8(ascii: ":"))
            out += member.json.utf8
        }
        out.append(UInt8(ascii: "}"))
        return out
    }
}

/// That a site answered with a problem: what the log and the metrics want to know.
package struct ProblemReport: Sendable {
    /// The site's name.
    package let site: String
    /// The status of the answer.
    package let status: Int
    /// The stable word for what was wrong.
    package let code: ProblemCode
    /// The sentence that the client was told.
    package let detail: String
    /// The request's id, also in the answer.
    package let requestID: UUIDv7
    /// Where in the configuration the cause is written, which the client was not told; nil where it is not there.
    package let place: String?
    /// The request's method and path; empty where its head was not in order, or its handler did not name them.
    package let line: Line
    /// The other side's address, without the port.
    package let peer: String
    /// What the operator is told besides, as a sentence, and the client was not; nil for nothing.
    package let note: String?

    /// What a request began with.
    package struct Line: Sendable {
        /// The method; empty where it is not known.
        package var method = ""
        /// The path as it was sent, without the query and cut at ``pathBytesMax``; empty where it is not known.
        package var path = ""
        /// The client that trusted proxies name; empty where none is trusted, and where it is not known.
        package var client = ""

        /// Nothing is known.
        package init() {}

        /// What a request began with; the path is cut.
        package init(method: String, path: String) {
            self.method = method
            self.path = String(path.prefix(ProblemReport.pathBytesMax))
        }
    }

    /// The most characters of a path that are told.
    package static let pathBytesMax = 256
}
