package import HTTPEngine
internal import HTTPWire
internal import Listeners
internal import Primitives
internal import Store

/// The operations of the API: the one table that routes and the OpenAPI document are made from.
package enum ControllerRoutes {
    private typealias Operation = ControllerOperation

    private static let taskID = ControllerOperation.Parameter(
        place: "path",
        name: "id",
        about: "The run's `task_id`.",
        schema: #"{"type":"string","format":"uuid"}"#
    )
    private static let prefer = ControllerOperation.Parameter(
        place: "header",
        name: "Prefer",
        about: "`respond-async`, or `wait=N`: how many seconds the answer may wait."
    )

    private static let idempotencyKey = ControllerOperation.Parameter(
        place: "header",
        name: "Idempotency-Key",
        about: "A text in double quotes; the same request with it starts no second run."
    )

    /// The operations.
    static let operations: [ControllerOperation] =
        watching + workflows + runs + tasks + LedgerRoutes.operations

    /// The routes of a controller: each behind its gate, and answered by `desk`.
    ///
    /// With origins that may use it, the preflights of browsers too.
    package static func all(_ settings: ControllerSettings, desk: ControllerAPI) -> [Route] {
        all(
            settings,
            gates: { [ControllerGate(guardian: desk.guardian, call: $0)] },
            handler: { call, action in
                HandlerFactory { _ in ControllerHandler(desk: desk, call: call, action: action) }
            }
        )
    }

    /// The routes of a controller that cannot work yet, each with what answers it; without gates.
    package static func all(
        _ settings: ControllerSettings,
        answeredBy handler: (ControllerCall) -> HandlerFactory
    ) -> [Route] {
        all(settings, gates: { _ in [] }, handler: { call, _ in handler(call) })
    }

    private static func all(
        _ settings: ControllerSettings,
        gates: (ControllerCall) -> [any RequestGate],
        handler: (ControllerCall, ControllerAction) -> HandlerFactory
    ) -> [Route] {
        var routes = operations.map {
            Route(
                id: $0.call.rawValue,
                methods: [$0.method],
                path: $0.path,
                gates: gates($0.call),
                handler: handler($0.call, $0.action)
            )
        }
        guard settings.asksForToken, settings.access.origins != .none else { return routes }
        let preflights = handler(.preflight, preflight)
        for path in Set(operations.map(\.path)) {
            routes.append(
                Route(
                    id: ControllerCall.preflight.rawValue,
                    methods: [.options],
                    path: path,
                    gates: gates(.preflight),
                    handler: preflights
                )
            )
        }
        return routes
    }

    private static let preflight = ControllerAction.replying { _, _ in
        .response(Response(status: 204, headers: OriginRule.preflightFields))
    }

    private static let watching = [
        Operation(
            call: .health,
            method: .get,
            path: "/health",
            action: .replying { desk, _ in .response(desk.health.response) },
            summary: "Whether the server takes work",
            answers: health
        ),
        Operation(
            call: .live,
            method: .get,
            path: "/livez",
            action: .replying { _, _ in .response(HealthStatus.alive) },
            summary: "Whether the server lives",
            answers: [.init(status: 200, about: "It does.", schema: "Health")]
        ),
        Operation(
            call: .ready,
            method: .get,
            path: "/readyz",
            action: .replying { desk, _ in .response(desk.health.response) },
            summary: "Whether the server takes work",
            answers: health
        ),
        Operation(
            call: .document,
            method: .get,
            path: "/openapi.json",
            action: .replying { desk, _ in .response(.json(200, desk.document)) },
            summary: "This document",
            answers: [.init(status: 200, about: "The document.", schema: "Anything")]
        ),
    ]

    private static let health: [ControllerOperation.Answer] = [
        .init(status: 200, about: "It does.", schema: "Health"),
        .init(
            status: 503,
            about: "It is going down, or its journal takes no records; `reason` says why.",
            schema: "Health"
        ),
    ]

    private static let workflows = [
        Operation(
            call: .workflows,
            method: .get,
            path: "/workflows",
            action: .replying { desk, request throws(Problem) in try desk.workflows(request) },
            summary: "Lists the workflows",
            parameters: [
                .init(
                    place: "query",
                    name: "include_schema",
                    about: "Whether each comes with its input and output.",
                    schema: flag
                )
            ],
            answers: [.init(status: 200, about: "The workflows.", schema: "Workflows")]
        ),
        Operation(
            call: .workflowSchema,
            method: .get,
            path: "/workflows/{id}/schema",
            action: .replying { desk, request throws(Problem) in try desk.workflow(request) },
            summary: "Tells what a workflow takes and gives",
            parameters: [
                .init(
                    place: "path",
                    name: "id",
                    about: "The workflow's id; `__default__` is the default one."
                )
            ],
            answers: [.init(status: 200, about: "The workflow.", schema: "Workflow")]
        ),
    ]

    private static let runs = [
        Operation(
            call: .startRun,
            method: .post,
            path: "/workflows/runs",
            action: .init { desk, request, body, exchange, fields throws(Problem) in
                try desk.start(request, body, exchange, fields)
            },
            summary: "Starts a run",
            parameters: [prefer, idempotencyKey],
            body: "RunRequest",
            answers: [
                .init(
                    status: 200,
                    about: "The run's state, at its end where the answer waits for that; "
                        + "with `output_only` its output.",
                    schema: "Anything"
                ),
                .init(
                    status: 202,
                    about: "The run is under way, and the client would not wait.",
                    schema: "Task"
                ),
            ]
        )
    ]

    private static let tasks = [
        Operation(
            call: .tasks,
            method: .get,
            path: "/tasks",
            action: .init { desk, request, _, exchange, fields throws(Problem) in
                try desk.list(request, exchange, fields)
            },
            summary: "Lists runs, newest first",
            parameters: listParameters,
            answers: [.init(status: 200, about: "A page of runs.", schema: "Tasks")]
        ),
        Operation(
            call: .task,
            method: .get,
            path: "/tasks/{id}",
            action: .init { desk, request, _, exchange, fields throws(Problem) in
                try desk.task(request, exchange, fields)
            },
            summary: "Tells a run's state",
            parameters: [
                taskID,
                .init(
                    place: "query",
                    name: "output_only",
                    about: "Whether a completed run is answered with its output alone.",
                    schema: flag
                ),
                .init(
                    place: "query",
                    name: "history",
                    about: "Whether the kept history comes along.",
                    schema: flag
                ),
                .init(
                    place: "query",
                    name: "step_outputs",
                    about: "Whether each step comes with its output.",
                    schema: flag
                ),
            ],
            answers: [
                .init(
                    status: 200,
                    about: "The state, or with `output_only` the output.",
                    schema: "Anything"
                ),
                .init(
                    status: 202,
                    about: "With `output_only`: the run has not ended.",
                    schema: "Task"
                ),
            ]
        ),
        Operation(
            call: .taskEvents,
            method: .get,
            path: "/tasks/{id}/events",
            action: .init { desk, request, _, exchange, fields throws(Problem) in
                try desk.follow(request, exchange, fields)
            },
            summary: "Streams a run's history until it ends",
            parameters: [
                taskID,
                .init(
                    place: "header",
                    name: "Last-Event-ID",
                    about: "The number of the last entry that the client has."
                ),
            ],
            answers: [
                .init(
                    status: 200,
                    about: "The entries as server-sent events, `end` at last.",
                    schema: "Text",
                    mediaType: "text/event-stream"
                ),
                .init(status: 204, about: "The client has had the end already."),
            ]
        ),
        Operation(
            call: .cancelTask,
            method: .post,
            path: "/tasks/{id}/cancel",
            action: .init { desk, request, body, exchange, fields throws(Problem) in
                try desk.cancel(request, body, exchange, fields)
            },
            summary: "Cancels a run",
            parameters: [
                taskID,
                .init(
                    place: "query",
                    name: "wait_for_completion",
                    about: "Whether the answer waits for the run's end; true by default.",
                    schema: flag
                ),
            ],
            answers: [.init(status: 200, about: "The run's state.", schema: "Task")]
        ),
        Operation(
            call: .retryTask,
            method: .post,
            path: "/tasks/{id}/retry",
            action: .init { desk, request, _, exchange, fields throws(Problem) in
                desk.retry(request, exchange, fields)
            },
            summary: "Lets a failed run go on from its failed step",
            parameters: [taskID],
            answers: [.init(status: 200, about: "The run's state.", schema: "Task")]
        ),
        Operation(
            call: .resumeTask,
            method: .post,
            path: "/tasks/{id}/resume",
            action: .init { desk, request, body, exchange, fields throws(Problem) in
                try desk.resume(request, body, exchange, fields)
            },
            summary: "Answers what a run asks a person",
            parameters: [taskID],
            body: "Resumption",
            answers: [.init(status: 200, about: "The run's state.", schema: "Task")]
        ),
    ]

    private static let listParameters: [ControllerOperation.Parameter] = [
        .init(
            place: "query",
            name: "status",
            about: "Only runs in this state, or in one of several with commas between."
        ),
        .init(place: "query", name: "workflow_id", about: "Only runs of this workflow."),
        .init(place: "query", name: "session_id", about: "Only runs of this session."),
        .init(
            place: "query",
            name: "since",
            about: "Only runs started then or later: a time, or how long ago, such as `10m`."
        ),
        .init(
            place: "query",
            name: "until",
            about: "Only runs started before: a time, or how long ago."
        ),
        .init(
            place: "query",
            name: "id_prefix",
            about: "Only runs whose id begins so."
        ),
        .init(
            place: "query",
            name: "limit",
            about: "The most runs of a page.",
            schema: #"{"type":"integer","minimum":1,"maximum":\#(RunQuery.limitMax),"#
                + #""default":\#(RunQuery.limitDefault)}"#
        ),
        .init(
            place: "query",
            name: "cursor",
            about: "The `next_cursor` of the page before.",
            schema: #"{"type":"string","format":"uuid"}"#
        ),
    ]

    private static let flag = #"{"type":"boolean"}"#
}
