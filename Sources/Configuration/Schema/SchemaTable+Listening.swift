/// Where requests arrive.
extension SchemaTable {
    /// Keys of the reference that a controller and its adapters may have without effect.
    private static let adapterNoted = [
        "name", "webui", "threaded", "shutdown_pending_period",
    ]

    /// The maps of what only callback listeners have, and of what only trigger listeners have.
    private static let callbackListenerMaps = ["callback_listener_keys", "callback_keys"]
    private static let triggerListenerMaps = ["trigger_listener_keys", "trigger_keys"]

    /// The keys that only callback listeners have: any of them tells the type of a listener.
    static let callbackListenerKeys = names(in: callbackListenerMaps)
    /// The keys that only trigger listeners have: any of them tells the type of a listener.
    static let triggerListenerKeys = names(in: triggerListenerMaps)
    /// The keys of a callback endpoint; any of them at the listener itself makes an inline endpoint.
    static let callbackEndpointKeys = names(in: ["endpoint", "callback_keys"])
    /// The keys of a trigger endpoint; any of them at the listener itself makes an inline endpoint.
    static let triggerEndpointKeys = names(in: ["endpoint", "trigger_keys"])

    private static func names(in maps: [String]) -> [String] {
        listening.filter { maps.contains($0.name) }.flatMap { $0.keys.map(\.name) }
    }

    /// Listeners, their endpoints, and the controller.
    static let listening: [SchemaMap] = [
        SchemaMap(
            "controller_keys",
            [
                .init("tokens", .some(.either([.text, .named("token")])), "Who may use it."),
                .init("origins", .some(.text), "The web pages that may, with a token."),
                .init("callback_secret", .text, "Signs results sent to a callback_url."),
                .init("callback_attempts", .whole(1), "How often a result is sent at most."),
                .init(
                    "callback_delay",
                    .duration,
                    "The pause before the second attempt; it doubles."
                ),
                .init("callback_timeout", .duration, "How long one attempt may take."),
                .init("max_pending_callbacks", .whole(0), "Results that wait for another attempt."),
                .init("max_watchers", .whole(0), "Streams of runs' events at once; beyond it 503."),
                .init(
                    "deduplicate_for",
                    .duration,
                    "How long an Idempotency-Key of a start is remembered."
                ),
            ]
        ),
        SchemaMap(
            "adapter_keys",
            [
                .init(
                    "type",
                    .words(["http-server"]),
                    "What it speaks."
                ),
                .init("runtime", .any, "native; nothing else is taken."),
                .init("host", .text, "The address it listens on."),
                .init("port", .whole(0), "The port it listens on."),
                .init("base_path", .text, "What stands before every path."),
            ]
        ),
        SchemaMap(
            "token",
            [
                .init("name", .text, "What the log calls it."),
                .init("token", .text, "The token itself."),
            ]
        ),
        SchemaMap(
            "controller",
            [
                .init(
                    "max_concurrent_count",
                    .whole(0),
                    "Runs that do something at the same time; 0 is unbounded."
                ),
                .init(
                    "shutdown_timeout",
                    .duration,
                    "The same as server.shutdown_timeout, which wins."
                ),
                .init("adapter", .named("adapter"), "How the API is reached."),
                .init(
                    "adapters",
                    .list(.named("adapter")),
                    "The same as a list of one."
                ),
            ],
            includes: ["adapter_keys", "controller_keys"],
            noted: adapterNoted
        ),
        SchemaMap(
            "adapter",
            [],
            includes: ["adapter_keys", "controller_keys"],
            noted: adapterNoted
        ),
        SchemaMap(
            "endpoint",
            [
                .init("path", .text, "The endpoint's path."),
                .init("method", .some(.text), "The methods it takes; POST by default."),
                .init("bulk", .flag, "Whether the body carries many items."),
                .init("item", .any, "The items of a bulk body."),
                .init("max_items", .whole(1), "Items of one body; beyond it 413."),
                .init(
                    "deduplicate_by",
                    .any,
                    "What tells repeated requests; github, stripe, standard, cloudevents."
                ),
                .init("respond", .named("respond"), "What success answers are."),
                .init(
                    "verify",
                    .either([.text, .named("verifier")]),
                    "Who may send; the name of a verifier, or one itself (docs/senders.md)."
                ),
            ]
        ),
        SchemaMap(
            "respond",
            [.init("status", .whole(200), "The status of every success answer, 200 to 299.")]
        ),
        SchemaMap(
            "callback_keys",
            [
                .init("identify_by", .any, "The callback's key."),
                .init("status", .any, "The work's status."),
                .init("success_when", .some(.text), "The statuses that are a success."),
                .init("fail_when", .some(.text), "The statuses that are a failure."),
                .init("result", .any, "What the run gets; the whole body by default."),
                .init("channel", .text, "Keys of different channels never meet."),
                .init(
                    "reuse_keys",
                    .flag,
                    "Whether a key may be used for one wait after another."
                ),
                .init(
                    "unmatched",
                    .words(["hold", "reject"]),
                    "What becomes of a callback without a waiter."
                ),
            ]
        ),
        SchemaMap(
            "trigger_keys",
            [
                .init("workflow", .any, "The workflow to start."),
                .init("input", .any, "The run's input; the whole body by default."),
                .init(
                    "deduplicate_for",
                    .duration,
                    "How long a request that started runs is remembered."
                ),
            ]
        ),
        SchemaMap(
            "listener",
            [
                .init(
                    "type",
                    .words(["http-callback", "http-trigger"]),
                    "What its requests do; told by the other keys where it is missing."
                ),
                .init("id", .text, "Its name: in the journal, and of its only endpoint."),
                .init("runtime", .any, "native; nothing else is taken."),
                .init("host", .text, "The address to listen on."),
                .init("port", .whole(1), "The port to listen on."),
                .init("base_path", .text, "What stands before every endpoint's path."),
                .init(
                    "max_concurrent_count",
                    .whole(0),
                    "Requests processed at once; 0 is unbounded."
                ),
                .init(
                    "max_queued_count",
                    .whole(0),
                    "Requests that wait for a place; beyond it 503."
                ),
                .init("queue_timeout", .duration, "How long a request waits for a place."),
            ],
            includes: ["limits", "endpoint"] + callbackListenerMaps + triggerListenerMaps
        ),
        SchemaMap(
            "callback_listener_keys",
            [
                .init("max_held_count", .whole(0), "Callbacks that are held without a waiter."),
                .init("max_held_size", .size, "Their bytes."),
                .init("hold_for", .duration, "How long a callback is held."),
                .init(
                    "callbacks",
                    .list(.named("callback")),
                    "Endpoints whose requests carry the outcome of work."
                ),
            ]
        ),
        SchemaMap(
            "trigger_listener_keys",
            [
                .init(
                    "triggers",
                    .list(.named("trigger")),
                    "Endpoints whose requests start runs."
                )
            ]
        ),
        SchemaMap(
            "callback",
            [
                .init("id", .text, "A name by which completion.endpoint means it."),
                .init("hold_for", .duration, "How long this endpoint's callbacks are held."),
                .init("max_body_size", .size, "This endpoint's bound of a body."),
            ],
            includes: ["endpoint", "callback_keys"]
        ),
        SchemaMap(
            "trigger",
            [
                .init("max_body_size", .size, "This endpoint's bound of a body.")
            ],
            includes: ["endpoint", "trigger_keys"]
        ),
    ]

    /// Gateways.
    static let reaching: [SchemaMap] = [
        SchemaMap(
            "gateway",
            [
                .init(
                    "type",
                    .words(["public", "http-tunnel", "ssh-tunnel"]),
                    "How the port becomes reachable."
                ),
                .init("url", .text, "What the port is called outside (public)."),
                .init("port", .some(.text), "The local port."),
                .init("public_url", .text, "What the port is called outside, for tunnels."),
                .init("driver", .words(["ngrok", "cloudflare"]), "Which tunnel (http-tunnel)."),
                .init("token", .text, "The tunnel's token."),
                .init("tunnel", .text, "The tunnel's name."),
                .init("credentials_file", .text, "The tunnel's credentials."),
                .init("hostname", .text, "The tunnel's host name."),
                .init("connection", .named("connection"), "Where an ssh tunnel goes."),
                .init("runtime", .any, "native; nothing else is taken."),
            ]
        ),
        SchemaMap(
            "connection",
            [
                .init("host", .text, "The host."),
                .init("port", .any, "The port."),
                .init("auth", .named("auth"), "Who logs in, and how."),
                .init("keepalive_interval", .any, "How often the tunnel is kept alive."),
                .init("watch_interval", .any, "How often it is looked at."),
                .init("retry_interval", .any, "How long until it is tried again."),
                .init("max_retry_count", .any, "How often it is tried again."),
            ]
        ),
        SchemaMap(
            "auth",
            [
                .init("type", .text, "keyfile or password."),
                .init("username", .text, "The user."),
                .init("keyfile", .text, "The private key's file."),
                .init("password", .text, "The password."),
            ]
        ),
    ]
}
