internal import HTTPEngine
package import HTTPWire
internal import Primitives
package import Verification

/// An endpoint that takes only requests of a known sender, as far as verifying them goes.
package struct VerifiedEndpoint: Sendable {
    /// What the ledger calls it.
    let name: String
    /// Who may send.
    package let verifier: Verifier
    /// The methods of its requests; others are for handshakes alone.
    let methods: [Method]
    /// What its port is called outside; nil where no gateway leads to it.
    let publicOrigin: String?

    /// Describes an endpoint; `methods` are its own.
    ///
    /// A further method of its verifier is for requests, too, unless a handshake comes with it.
    package init(name: String, verifier: Verifier, methods: [Method], publicOrigin: String?) {
        self.name = name
        self.verifier = verifier
        let asked = Set(verifier.profile.handshakes.flatMap(\.methods))
        self.methods = Self.routeMethods(methods, verifier).filter {
            methods.contains($0) || !asked.contains($0.name)
        }
        self.publicOrigin = publicOrigin
    }

    /// A request as its verifier sees it.
    func senderRequest(_ request: borrowing Request) -> SenderRequest {
        var seen = SenderRequest(
            method: request.method.name,
            target: request.rawTarget,
            scheme: request.isSecure ? "https" : "http",
            authority: request.header("host") ?? "",
            publicOrigin: publicOrigin,
            client: IPAddress(request.clientAddress)
        )
        if let names = verifier.fieldNames {
            request.forEachHeader { seen.add(name: $0, value: $1, ifIn: names) }
        } else {
            request.forEachHeader { seen.add(name: $0, value: $1) }
        }
        return seen
    }

    /// What the sender of a request is told that is not verified: nothing but that; the operator learns why.
    ///
    /// Where keys cannot be had, nobody knows yet: the sender is to come back.
    func problem(_ refusal: VerificationRefusal) -> Problem {
        var problem: Problem
        if refusal.kind == .keysUnavailable {
            problem = Problem(status: 503, code: .keysUnavailable, retryAfterSeconds: 60)
        } else {
            problem = Problem(status: 401, code: .unauthorized)
            if let challenge = verifier.challenge {
                problem.headers = [(name: "WWW-Authenticate", value: challenge)]
            }
        }
        problem.verifier = verifier.name
        problem.note = "Not verified by \(verifier.name): \(refusal.message)"
        return problem
    }

    /// What is answered to a method that only handshakes come with, where a request is none.
    var methodProblem: Problem {
        let allowed = MethodSet(methods).allowText
        return Problem(
            status: 405,
            code: .methodNotAllowed,
            detail: "This path takes \(allowed).",
            headers: [(name: "Allow", value: allowed)]
        )
    }

    /// The methods that a route takes: the endpoint's own, and those that the handshakes of its verifier come with.
    package static func routeMethods(_ own: [Method], _ verifier: Verifier?) -> [Method] {
        let further = (verifier?.profile.methods ?? []).compactMap(Method.init(name:))
        return own + further.filter { !own.contains($0) && $0 != .head && $0 != .connect }
    }
}
