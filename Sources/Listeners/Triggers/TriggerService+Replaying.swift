internal import HTTPEngine
internal import HTTPWire
internal import JSONWire
package import Journal
package import Primitives
internal import Runs

/// Starting once more what a request of the ledger asks for.
extension TriggerService {
    /// Starts it, whatever was started for the same request before; `tell` is given the answer when it is settled.
    package func replay(
        _ request: ReceivedRequest,
        as id: UUIDv7,
        at endpoint: TriggerEndpoint,
        _ tell: @escaping @Sendable (Reply) -> Void
    ) {
        let call = Call(
            facts: request.facts(endpoint.pattern, as: id),
            endpoint: endpoint,
            requestID: id,
            identity: .new,
            waiting: nil,
            trace: RequestTrace(replaying: request)
        )
        do throws(Problem) {
            let started = try request.body.withRawSpan { body throws(Problem) in
                try start(request.form(endpoint.rules.body), body, call, scanner: JSONScanner())
            }
            // One that claims nothing finds nothing that came before.
            guard case .tasks(_, let number) = started else {
                return tell(.response(answer(started, call)))
            }
            engine.commit.whenSettled(number) { [self] isCommitted in
                tell(
                    isCommitted
                        ? .response(answer(started, call))
                        : .problem(engine.commit.notStored(number))
                )
            }
        } catch {
            tell(.problem(error))
        }
    }
}
