package import HTTPEngine
internal import Listeners
internal import Primitives

/// The controller's API on one loop: guards it, and hands each call to the desk.
package final class ControllerHandler: RequestHandler {
    private let desk: ControllerDesk

    /// Makes the handler of one loop.
    package init(desk: ControllerDesk) {
        self.desk = desk
    }

    package func handle(_ request: borrowing Request, body: RawSpan, exchange: borrowing Exchange) {
        let fields = desk.guardian.fields(for: request)
        do throws(Problem) {
            guard let call = ControllerCall(rawValue: request.routeID) else {
                throw Problem(status: 404, code: .notFound)
            }
            let token = try desk.guardian.check(request, for: call, bodyBytes: body.byteCount)
            if let token {
                desk.log(
                    .debug,
                    "Request to the controller",
                    [
                        .init("request_id", request.requestID.text), .init("token", token),
                        .init("call", "\(call)"),
                    ]
                )
            }
            try take(call, request, body, exchange, fields, token: token)
        } catch {
            Reply.problem(error.refusing(request)).adding(fields).give(exchange)
        }
    }

    private func take(
        _ call: ControllerCall,
        _ request: borrowing Request,
        _ body: RawSpan,
        _ exchange: borrowing Exchange,
        _ fields: Fields,
        token: String?
    ) throws(Problem) {
        let reply: Reply
        switch call {
        case .health, .ready: reply = .response(desk.health.response)
        case .live: reply = .response(HealthBoard.alive)
        case .document: reply = .response(.json(200, desk.document))
        case .preflight:
            reply = .response(Response(status: 204, headers: OriginRule.preflightFields))
        case .workflows: reply = try desk.workflows(request)
        case .workflowSchema: reply = try desk.workflow(request)
        case .startRun: return try desk.start(request, body, exchange, fields, token: token)
        case .tasks: return try desk.list(request, exchange, fields)
        case .task: return try desk.task(request, exchange, fields)
        case .taskEvents: return try desk.follow(request, exchange, fields)
        case .cancelTask: return try desk.cancel(request, body, exchange, fields)
        case .retryTask: return desk.retry(request, exchange, fields)
        case .requests: return try desk.listRequests(request, exchange, fields)
        case .request: return try desk.showRequest(request, exchange, fields)
        case .replayRequest: return try desk.replayRequest(request, body, exchange, fields)
        case .replayRequests: return try desk.replayRequests(body, exchange, fields)
        case .explain: return try desk.explain(request, exchange, fields)
        case .resumeTask: return try desk.resume(request, body, exchange, fields)
        }
        reply.adding(fields).give(exchange)
    }

    /// Header fields that go with every answer of a request.
    typealias Fields = [(name: String, value: String)]
}
