package import Documents

/// The keys of components and their actions, as their readers take them.
package enum ComponentKeys {
    /// What names a thing, for the configuration and for people.
    package static let names: SettingMap = SettingMap(
        "names",
        [
            SettingDetails("id", .scalar, about: "its name"),
            SettingDetails("name", .scalar, about: "its name for people"),
            SettingDetails("title", .scalar, about: "its title for people"),
            SettingDetails("description", .scalar, about: "what it is for"),
        ]
    )

    /// What a request is made of.
    static let http: SettingMap = SettingMap(
        "http_keys",
        [
            SettingDetails("path", .any, about: "the path behind base_url"),
            SettingDetails("endpoint", .any, about: "the whole URL"),
            SettingDetails("method", .any, about: "the method; POST by default"),
            SettingDetails("headers", .map(.any), about: "header fields"),
            SettingDetails("params", .any, about: "query parameters"),
            SettingDetails("body", .any, about: "the body"),
            SettingDetails(
                "completion",
                .either([.words(["none", "callback"]), .block { completion }]),
                about: "whether the step waits, and for what"
            ),
            SettingDetails(
                "timeout",
                .duration,
                about: "how long a try may take, waiting included"
            ),
            SettingDetails(
                "after_crash",
                .words(["repeat", "fail"]),
                about: "what becomes of a call that a crash interrupts"
            ),
            SettingDetails("output", .any, about: "what the step gets"),
        ]
    )

    /// What the other kinds of actions are made of.
    static let actions: SettingMap = SettingMap(
        "action_keys",
        [
            SettingDetails("env", .map(.any), about: "variables of the program"),
            SettingDetails("working_dir", .any, about: "where the program runs"),
            SettingDetails("ignore_exit_code", .flag, about: "whether any exit code is a success"),
            SettingDetails("command", .any, about: "the program and its arguments (shell)"),
            SettingDetails("workflow", .any, about: "the workflow to run (workflow)"),
            SettingDetails("input", .any, about: "what it gets"),
            SettingDetails("level", .any, about: "the level (logger)"),
            SettingDetails("message", .any, about: "the line (logger)"),
            SettingDetails("data", .any, about: "the data beside it (logger)"),
            SettingDetails(
                "mode",
                .words(["time-interval", "specific-time"]),
                about: "what is waited for (delay)"
            ),
            SettingDetails("time", .any, about: "until when (delay)"),
            SettingDetails("timezone", .any, about: "the zone of that time (delay)"),
            SettingDetails("time_zone", .any, about: "the same"),
            SettingDetails("duration", .any, about: "how long (delay)"),
        ]
    )

    /// A component.
    package static let map: SettingMap = SettingMap(
        "component",
        [
            SettingDetails(
                "type",
                .words(ComponentTable.standard.names),
                about: "what it is; http-client by default"
            ),
            SettingDetails("default", .flag, about: "whether steps that name none mean this one"),
            SettingDetails(
                "max_concurrent_count",
                .integer(0...Int.max),
                about: "calls at once; 0 is unbounded"
            ),
            SettingDetails(
                "rate_limit",
                .either([.scalar, .block { rateLimit }]),
                about: "how often it may be called: 10/s"
            ),
            SettingDetails("base_url", .any, about: "what stands before every path"),
            SettingDetails(
                "base_path",
                .scalar,
                about: "what stands before every path (http-server)"
            ),
            SettingDetails(
                "port",
                .integer(1...Int.max),
                about: "where the program listens (http-server)"
            ),
            SettingDetails(
                "start",
                .some(.scalar),
                about: "the program and its arguments (http-server)"
            ),
            SettingDetails(
                "start_timeout",
                .duration,
                about: "how long it may take until it listens (http-server)"
            ),
            SettingDetails("base_dir", .any, about: "where programs run (shell)"),
            SettingDetails(
                "manage",
                .block { manage },
                about: "how the program is started (http-server)"
            ),
            SettingDetails("runtime", .any, about: "native; nothing else is taken"),
            SettingDetails("action", .block { ComponentKeys.action }, about: "what it does"),
            SettingDetails(
                "actions",
                .either([
                    .list(.block { ComponentKeys.action }), .map(.block { ComponentKeys.action }),
                ]),
                about: "the several things it does"
            ),
        ],
        including: [ComponentKeys.names, http, actions],
        noted: ["stream_format", "stream_fragmented", "batch_size", "install", "build", "clean"]
    )

    /// One action of a component.
    static let action: SettingMap = SettingMap(
        "action",
        [
            SettingDetails("default", .flag, about: "whether steps that name none mean this one")
        ],
        including: [ComponentKeys.names, http, actions],
        noted: ["stream_format", "stream_fragmented", "batch_size"]
    )

    /// How a local server is started.
    static let manage: SettingMap = SettingMap(
        "manage",
        [
            SettingDetails("scripts", .block { scripts }, about: "the programs"),
            SettingDetails("start", .some(.scalar), about: "the program and its arguments"),
            SettingDetails("working_dir", .scalar, about: "where they run"),
            SettingDetails("env", .map(.scalar), about: "their variables"),
        ],
        noted: ["install", "build", "clean"]
    )

    /// The programs of a local server.
    static let scripts: SettingMap = SettingMap(
        "scripts",
        [
            SettingDetails("start", .some(.scalar), about: "the program and its arguments")
        ],
        noted: ["install", "build", "clean"]
    )

    /// How often a component may be called.
    static let rateLimit: SettingMap = SettingMap(
        "rate_limit",
        [
            SettingDetails(
                "rate",
                .scalar,
                about: "so many in a time: 10/s; in place of requests and period"
            ),
            SettingDetails("requests", .integer(1...Int.max), about: "how many"),
            SettingDetails("period", .duration, about: "in which time"),
            SettingDetails("burst", .integer(1...Int.max), about: "how many at once"),
            SettingDetails("interval", .duration, about: "the least time between two"),
        ]
    )

    /// What ends a step whose request is answered before its work is done.
    static let completion: SettingMap = SettingMap(
        "completion",
        [
            SettingDetails(
                "type",
                .words(["none", "callback", "polling"]),
                about: "what ends the step"
            ),
            SettingDetails("wait_for", .any, about: "the key to wait for (callback)"),
            SettingDetails("channel", .scalar, about: "the channel to wait on"),
            SettingDetails(
                "endpoint",
                .any,
                about: "the endpoint to wait at; the URL to ask (polling)"
            ),
            SettingDetails("timeout", .duration, about: "how long at most"),
            SettingDetails("path", .any, about: "the path to ask (polling)"),
            SettingDetails("method", .any, about: "the method (polling)"),
            SettingDetails("headers", .map(.any), about: "header fields (polling)"),
            SettingDetails("params", .any, about: "query parameters (polling)"),
            SettingDetails("body", .any, about: "the body (polling)"),
            SettingDetails("status", .any, about: "the work's status (polling)"),
            SettingDetails(
                "success_when",
                .some(.scalar),
                about: "the statuses that are a success"
            ),
            SettingDetails("fail_when", .some(.scalar), about: "the statuses that are a failure"),
            SettingDetails(
                "interval",
                .duration,
                about: "the time between two questions (polling)"
            ),
        ],
        noted: ["stream_format", "stream_fragmented"]
    )
}
