internal import HTTPEngine
internal import Listeners
internal import Primitives

/// What the controller does for a request that was let in.
struct ControllerAction: Sendable {
    /// Answers a request; what it throws is the answer too.
    typealias Body =
        @Sendable (
            _ desk: ControllerAPI,
            _ request: borrowing Request,
            _ body: RawSpan,
            _ exchange: borrowing Exchange,
            _ fields: ControllerHandler.Fields
        ) throws(Problem) -> Void

    /// Answers it; `fields` go with whatever is answered.
    let answer: Body

    /// Makes an action that answers by itself.
    init(_ answer: @escaping Body) {
        self.answer = answer
    }

    /// An action that has its answer at once.
    static func replying(
        _ reply:
            @escaping @Sendable (ControllerAPI, borrowing Request) throws(Problem) -> Reply
    ) -> ControllerAction {
        ControllerAction { desk, request, _, exchange, fields throws(Problem) in
            try reply(desk, request).adding(fields).give(exchange)
        }
    }
}
