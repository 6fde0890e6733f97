/// The whole document, and how the process runs.
extension SchemaTable {
    /// The whole document.
    static let documents: [SchemaMap] = [
        SchemaMap(
            "configuration",
            [
                .init("server", .named("server"), "How listeners are served."),
                .init(
                    "store",
                    .either([.words(["sqlite", "memory"]), .named("store")]),
                    "How decisions are kept."
                ),
                .init("executor", .named("executor"), "How runs are carried on."),
                .init("client", .named("client"), "How requests are sent."),
                .init("programs", .named("programs"), "How local programs are run."),
                .init("log", .named("log"), "What is logged, and how."),
                .init("secrets", .map(.named("secret")), "What ${secret.NAME} yields."),
                .init(
                    "verifiers",
                    .map(.either([.text, .named("verifier")])),
                    "Verifiers with names, for endpoints that share one."
                ),
                .init("controller", .named("controller"), "The API."),
                .init(
                    "gateway",
                    .some(.named("gateway")),
                    "Under which public address a port is reachable."
                ),
                .init("gateways", .some(.named("gateway")), "Several gateways."),
                .init(
                    "listener",
                    .some(.named("listener")),
                    "Where callbacks and triggers arrive."
                ),
                .init("listeners", .some(.named("listener")), "Several listeners."),
                .init("runtime", .any, "native; nothing else is taken."),
                .init("component", .named("component"), "What a step can do."),
                .init(
                    "components",
                    .either([.list(.named("component")), .map(.named("component"))]),
                    "Components: a list, or a map by id."
                ),
                .init("workflow", .named("workflow"), "The steps of a run."),
                .init(
                    "workflows",
                    .either([.list(.named("workflow")), .map(.named("workflow"))]),
                    "Workflows: a list, or a map by id."
                ),
            ],
            noted: [
                "name", "version", "webui", "logger", "loggers",
                "tracer", "tracers", "metrics",
            ]
        ),
        SchemaMap(
            "secret",
            [
                .init("file", .text, "The file whose text it is, without its last line end."),
                .init("env", .text, "The environment variable that holds it."),
                .init(
                    "credential",
                    .text,
                    "The credential that systemd hands over (LoadCredential=)."
                ),
            ]
        ),
    ]

    /// How the process runs.
    static let process: [SchemaMap] = [
        SchemaMap(
            "limits",
            [
                .init(
                    "max_connections",
                    .whole(0),
                    "Connections of a listener; the next one gets 503."
                ),
                .init("max_header_size", .size, "The header section of a request; beyond it 431."),
                .init("max_uri_size", .size, "The request line; beyond it 414."),
                .init("max_body_size", .size, "A request's body; beyond it 413."),
                .init(
                    "header_timeout",
                    .duration,
                    "From the first byte of a request to the last of its header."
                ),
                .init(
                    "idle_timeout",
                    .duration,
                    "A connection without a request is closed after this."
                ),
                .init(
                    "min_body_rate",
                    .size,
                    "Bytes of a body in a second, after the first 5 seconds."
                ),
            ]
        ),
        SchemaMap(
            "server",
            [
                .init("threads", .whole(0), "Loop threads; 0 is one a processor."),
                .init(
                    "max_body_memory",
                    .size,
                    "Bodies that are coming in, over all connections; beyond it they wait, then 503."
                ),
                .init(
                    "max_answer_memory",
                    .size,
                    "Answers that clients have not read, over all connections; beyond it the slowest client is cut off."
                ),
                .init(
                    "max_verifying_count",
                    .whole(1),
                    "Requests held at once while a worker finds out who sent them; beyond it 503."
                ),
                .init(
                    "shutdown_delay",
                    .duration,
                    "How long everything is still served after the first signal, while /readyz says 503."
                ),
                .init(
                    "shutdown_timeout",
                    .duration,
                    "How long what is under way may take to end."
                ),
            ],
            includes: ["limits"]
        ),
        SchemaMap(
            "store",
            [
                .init("type", .words(["sqlite", "memory"]), "Where decisions are kept."),
                .init("path", .text, "The store's directory."),
                .init(
                    "durability",
                    .words(["commit", "relaxed"]),
                    "Whether an answer waits for the disk."
                ),
                .init("max_pending_size", .size, "What may wait for the disk; beyond it 503."),
                .init("remember_for", .duration, "How long a key's ended wait is remembered."),
                .init("max_remembered_count", .whole(0), "How many of them."),
                .init(
                    "max_claims_size",
                    .size,
                    "What is remembered of requests that started runs."
                ),
                .init("retention", .duration, "How long ended runs and answered requests stay."),
                .init("refused_retention", .duration, "How long refused requests stay."),
                .init("max_size", .size, "What log and store may take on the disk."),
                .init("max_waits", .whole(0), "Open waits; beyond it a start gets 503."),
            ]
        ),
        SchemaMap(
            "executor",
            [
                .init("threads", .whole(0), "Worker threads; 0 is one a processor."),
                .init("max_active_runs", .whole(0), "Runs under way at once; beyond it 503."),
                .init("max_ended_runs", .whole(0), "Ended runs that stay readable."),
                .init("history_per_run", .whole(0), "Entries of a run's history that are kept."),
                .init("max_state_size", .size, "The values that one run may hold."),
                .init("max_workflow_depth", .whole(0), "How deep runs may start runs."),
            ]
        ),
        SchemaMap(
            "client",
            [
                .init("threads", .whole(0), "Loops for outgoing requests."),
                .init("max_concurrent_count", .whole(0), "Outgoing requests at once."),
                .init("connect_timeout", .duration, "How long connecting may take."),
                .init("timeout", .duration, "How long a request may take in all."),
                .init(
                    "max_response_size",
                    .size,
                    "The body of an answer; beyond it the step fails."
                ),
                .init("max_redirects", .whole(0), "Redirects that are followed."),
            ]
        ),
        SchemaMap(
            "programs",
            [
                .init("shell_timeout", .duration, "How long the program of a shell step may run."),
                .init("max_output_size", .size, "Each of its outputs; beyond it the step fails."),
                .init("stop_timeout", .duration, "How long a program has to end by itself."),
            ]
        ),
        SchemaMap(
            "log",
            [
                .init(
                    "level",
                    .words(["debug", "info", "warning", "error"]),
                    "The least level that is written."
                ),
                .init("format", .words(["text", "json"]), "How lines look."),
            ]
        ),
    ]
}
