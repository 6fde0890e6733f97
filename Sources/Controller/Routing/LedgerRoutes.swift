internal import HTTPEngine
internal import HTTPWire
internal import Listeners
internal import Primitives
internal import Store

/// The operations of the API for the ledger and for keys.
enum LedgerRoutes {
    private typealias Operation = ControllerOperation
    private typealias Parameter = ControllerOperation.Parameter

    private static let requestID = Parameter(
        place: "path",
        name: "id",
        about: "The request's id, as `X-Request-Id` told the sender.",
        schema: #"{"type":"string","format":"uuid"}"#
    )

    /// The operations.
    static let operations: [ControllerOperation] = [
        Operation(
            call: .requests,
            method: .get,
            path: "/ledger",
            action: .init { desk, request, _, exchange, fields throws(Problem) in
                try desk.listRequests(request, exchange, fields)
            },
            summary: "Lists the requests that reached an endpoint, newest first",
            parameters: filters,
            answers: [.init(status: 200, about: "A page of requests.", schema: "Requests")]
        ),
        Operation(
            call: .request,
            method: .get,
            path: "/ledger/{id}",
            action: .init { desk, request, _, exchange, fields throws(Problem) in
                try desk.showRequest(request, exchange, fields)
            },
            summary: "Shows a request, and what became of it",
            parameters: [requestID],
            answers: [.init(status: 200, about: "The request.", schema: "Request")]
        ),
        Operation(
            call: .replayRequest,
            method: .post,
            path: "/ledger/{id}/replay",
            action: .init { desk, request, body, exchange, fields throws(Problem) in
                try desk.replayRequest(request, body, exchange, fields)
            },
            summary: "Has a request handled again by its endpoint",
            parameters: [requestID],
            body: "ReplayRequest",
            answers: [
                .init(status: 200, about: "What its endpoint answered.", schema: "Replay")
            ]
        ),
        Operation(
            call: .replayRequests,
            method: .post,
            path: "/ledger/replay",
            action: .init { desk, _, body, exchange, fields throws(Problem) in
                try desk.replayRequests(body, exchange, fields)
            },
            summary: "Has several requests handled again, one after the other",
            body: "ReplayManyRequest",
            answers: [
                .init(status: 200, about: "What became of each, in their order.", schema: "Replays")
            ]
        ),
        Operation(
            call: .explain,
            method: .get,
            path: "/explain",
            action: .init { desk, request, _, exchange, fields throws(Problem) in
                try desk.explain(request, exchange, fields)
            },
            summary: "Tells everything known about a key, and why it did or did not match",
            parameters: [
                Parameter(place: "query", name: "key", about: "The key."),
                Parameter(
                    place: "query",
                    name: "channel",
                    about: "Only on this channel; `default` is the one of endpoints that name none."
                ),
            ],
            answers: [.init(status: 200, about: "What is known.", schema: "Explanation")]
        ),
    ]

    private static let filters: [ControllerOperation.Parameter] = [
        Parameter(
            place: "query",
            name: "status",
            about: "Only requests of which this became, or one of several with commas between."
        ),
        Parameter(
            place: "query",
            name: "endpoint",
            about: "Only requests to endpoints with this in their names, such as a path."
        ),
        Parameter(
            place: "query",
            name: "since",
            about: "Only requests that came then or later: a time, or how long ago (`10m`)."
        ),
        Parameter(
            place: "query",
            name: "until",
            about: "Only requests that came before: a time, or how long ago."
        ),
        Parameter(place: "query", name: "key", about: "Only requests that carried this key."),
        Parameter(
            place: "query",
            name: "task_id",
            about: "Only requests that this run got, or that started it.",
            schema: #"{"type":"string","format":"uuid"}"#
        ),
        Parameter(
            place: "query",
            name: "limit",
            about: "The most requests of a page.",
            schema: #"{"type":"integer","minimum":1,"maximum":\#(LedgerQuery.limitMax),"#
                + #""default":\#(LedgerQuery.limitDefault)}"#
        ),
        Parameter(
            place: "query",
            name: "cursor",
            about: "The `next_cursor` of the page before.",
            schema: #"{"type":"string","format":"uuid"}"#
        ),
    ]
}
