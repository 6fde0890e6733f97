internal import HTTPEngine
internal import Listeners
internal import Primitives

/// One call of the controller's API on one loop, behind its ``ControllerGate``.
final class ControllerHandler: RequestHandler {
    private let desk: ControllerAPI
    private let call: ControllerCall
    private let action: ControllerAction

    /// Makes the handler of one loop.
    init(desk: ControllerAPI, call: ControllerCall, action: ControllerAction) {
        self.desk = desk
        self.call = call
        self.action = action
    }

    func handle(_ request: borrowing Request, body: RawSpan, exchange: borrowing Exchange) {
        let fields = desk.guardian.fields(for: request)
        do throws(Problem) {
            // The gate has seen what was announced; a body in chunks has its length only now.
            try desk.guardian.checkType(request, for: call, bodyBytes: body.byteCount)
            if !call.isOpen, let token = desk.guardian.tokenName(of: request) {
                desk.log(
                    .debug,
                    "Request to the controller",
                    [
                        .init("request_id", request.requestID.text), .init("token", token),
                        .init("call", "\(call)"),
                    ]
                )
            }
            try action.answer(desk, request, body, exchange, fields)
        } catch {
            Reply.problem(error.refusing(request)).adding(fields).give(exchange)
        }
    }

    /// Header fields that go with every answer of a request.
    typealias Fields = [(name: String, value: String)]
}
