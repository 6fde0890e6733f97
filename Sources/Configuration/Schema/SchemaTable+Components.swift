/// What steps can do.
extension SchemaTable {
    /// Components and their actions.
    static let components: [SchemaMap] = [
        SchemaMap(
            "names",
            [
                .init("id", .text, "Its name."),
                .init("name", .text, "Its name for people."),
                .init("title", .text, "Its title for people."),
                .init("description", .text, "What it is for."),
            ]
        ),
        SchemaMap(
            "http_keys",
            [
                .init("path", .any, "The path behind base_url."),
                .init("endpoint", .any, "The whole URL."),
                .init("method", .any, "The method; POST by default."),
                .init("headers", .map(.any), "Header fields."),
                .init("params", .any, "Query parameters."),
                .init("body", .any, "The body."),
                .init(
                    "completion",
                    .either([.words(["none", "callback"]), .named("completion")]),
                    "Whether the step waits, and for what."
                ),
                .init("timeout", .duration, "How long a try may take, waiting included."),
                .init(
                    "after_crash",
                    .words(["repeat", "fail"]),
                    "What becomes of a call that a crash interrupts."
                ),
                .init("output", .any, "What the step gets."),
            ]
        ),
        SchemaMap(
            "action_keys",
            [
                .init("env", .map(.any), "Variables of the program."),
                .init("working_dir", .any, "Where the program runs."),
                .init("ignore_exit_code", .flag, "Whether any exit code is a success."),
                .init("command", .any, "The program and its arguments (shell)."),
                .init("workflow", .any, "The workflow to run (workflow)."),
                .init("input", .any, "What it gets."),
                .init("level", .any, "The level (logger)."),
                .init("message", .any, "The line (logger)."),
                .init("data", .any, "The data beside it (logger)."),
                .init(
                    "mode",
                    .words(["time-interval", "specific-time"]),
                    "What is waited for (delay)."
                ),
                .init("time", .any, "Until when (delay)."),
                .init("timezone", .any, "The zone of that time (delay)."),
                .init("time_zone", .any, "The same."),
                .init("duration", .any, "How long (delay)."),
            ]
        ),
        SchemaMap(
            "component",
            [
                .init(
                    "type",
                    .words(["http-client", "http-server", "shell", "workflow", "logger", "delay"]),
                    "What it is; http-client by default."
                ),
                .init("default", .flag, "Whether steps that name none mean this one."),
                .init("max_concurrent_count", .whole(0), "Calls at once; 0 is unbounded."),
                .init(
                    "rate_limit",
                    .either([.text, .named("rate_limit")]),
                    "How often it may be called: 10/s."
                ),
                .init("base_url", .any, "What stands before every path."),
                .init("base_path", .text, "What stands before every path (http-server)."),
                .init("port", .whole(1), "Where the program listens (http-server)."),
                .init("start", .some(.text), "The program and its arguments (http-server)."),
                .init(
                    "start_timeout",
                    .duration,
                    "How long it may take until it listens (http-server)."
                ),
                .init("base_dir", .any, "Where programs run (shell)."),
                .init("manage", .named("manage"), "How the program is started (http-server)."),
                .init("runtime", .any, "native; nothing else is taken."),
                .init("action", .named("action"), "What it does."),
                .init(
                    "actions",
                    .either([.list(.named("action")), .map(.named("action"))]),
                    "The several things it does."
                ),
            ],
            includes: ["names", "http_keys", "action_keys"],
            noted: [
                "stream_format", "stream_fragmented", "batch_size", "install", "build", "clean",
            ]
        ),
        SchemaMap(
            "action",
            [
                .init("default", .flag, "Whether steps that name none mean this one.")
            ],
            includes: ["names", "http_keys", "action_keys"],
            noted: [
                "stream_format", "stream_fragmented", "batch_size",
            ]
        ),
        SchemaMap(
            "manage",
            [
                .init("scripts", .named("scripts"), "The programs."),
                .init("start", .some(.text), "The program and its arguments."),
                .init("working_dir", .text, "Where they run."),
                .init("env", .map(.text), "Their variables."),
            ],
            noted: [
                "install", "build", "clean",
            ]
        ),
        SchemaMap(
            "scripts",
            [
                .init("start", .some(.text), "The program and its arguments.")
            ],
            noted: [
                "install", "build", "clean",
            ]
        ),
        SchemaMap(
            "rate_limit",
            [
                .init("rate", .text, "So many in a time: 10/s; in place of requests and period."),
                .init("requests", .whole(1), "How many."),
                .init("period", .duration, "In which time."),
                .init("burst", .whole(1), "How many at once."),
                .init("interval", .duration, "The least time between two."),
            ]
        ),
        SchemaMap(
            "completion",
            [
                .init("type", .words(["none", "callback", "polling"]), "What ends the step."),
                .init("wait_for", .any, "The key to wait for (callback)."),
                .init("channel", .text, "The channel to wait on."),
                .init("endpoint", .any, "The endpoint to wait at; the URL to ask (polling)."),
                .init("timeout", .duration, "How long at most."),
                .init("path", .any, "The path to ask (polling)."),
                .init("method", .any, "The method (polling)."),
                .init("headers", .map(.any), "Header fields (polling)."),
                .init("params", .any, "Query parameters (polling)."),
                .init("body", .any, "The body (polling)."),
                .init("status", .any, "The work's status (polling)."),
                .init("success_when", .some(.text), "The statuses that are a success."),
                .init("fail_when", .some(.text), "The statuses that are a failure."),
                .init("interval", .duration, "The time between two questions (polling)."),
            ],
            noted: [
                "stream_format", "stream_fragmented",
            ]
        ),
    ]
}
