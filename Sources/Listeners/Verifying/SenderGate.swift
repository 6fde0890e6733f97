package import HTTPEngine
internal import HTTPWire
internal import Primitives
internal import Verification

/// Refuses requests that are not from whom they should be as far as their heads tell, before any of the body is read.
///
/// It only refuses: what it lets pass is verified by ``VerifyingHandler`` when it is whole.
package final class SenderGate: RequestGate {
    private let endpoint: VerifiedEndpoint
    private let service: VerificationService

    /// A body of at most so many bytes is read before mathematics that take long, which are done on a worker then; before
    /// a longer one, or one that has to be asked for, they are done on the loop, because it must not be read in vain.
    private static let smallBytesMax = 64 << 10

    /// Makes the gate of one endpoint; nil where a head alone never says enough.
    package init?(_ endpoint: VerifiedEndpoint, _ service: VerificationService) {
        guard endpoint.verifier.mayDecideByHead else { return nil }
        self.endpoint = endpoint
        self.service = service
    }

    package func check(_ request: borrowing Request) throws(Problem) {
        // Another method is a handshake or nothing, which is seen when the request is whole.
        guard endpoint.methods.contains(request.method) else { return }
        let bodyBytes = request.announcedBodyBytes ?? .max
        let isSmall = bodyBytes <= Self.smallBytesMax && request.header("expect") == nil
        if isSmall, endpoint.verifier.cost(bodySize: 0) == .worker { return }
        let seen = endpoint.senderRequest(request)
        if bodyBytes <= VerifyingHandler.handshakeBytesMax || request.announcedBodyBytes == nil,
            endpoint.verifier.mayBeHandshake(seen)
        {
            return
        }
        let outcome = endpoint.verifier.checkHead(seen, ring: service.ring, now: service.now())
        if case .decided(.refused(let refusal)) = outcome { throw endpoint.problem(refusal) }
    }
}
