package import Documents

/// The keys of the reference that change what a configuration means, and that are not taken here.
///
/// A key that is taken and has no effect would let something run that does other things than it says.
package enum RefusedKeys {
    /// Python before and after a step.
    static let hook = RefusedKey("hook", "no Python is run here; write what it does as a step")
    /// Results one by one.
    static let streaming = RefusedKey(
        "streaming",
        "a step's output is there when the step has ended, as a whole"
    )
    /// How programs are started.
    static let driver = RefusedKey(
        "driver",
        "programs run on this machine",
        harmless: ["local", "native"]
    )
    /// Of components and their actions.
    static let components = [driver, hook, streaming]
    /// Of jobs.
    static let jobs = [
        hook, streaming, RefusedKey("session", stickyReason), RefusedKey("salt", stickyReason),
    ]
    /// Of workflows.
    static let workflows = [hook]
    /// Runs on other machines.
    package static let queue = RefusedKey(
        "queue",
        "runs are carried on by this server alone, not by workers behind a queue"
    )
    /// Of the whole document.
    package static let document = [
        queue, hook, RefusedKey("hooks", hook.reason),
        RefusedKey("system", systemReason), RefusedKey("systems", systemReason),
    ]
    /// Of the controller and its adapters.
    package static let controller = [
        queue,
        RefusedKey("static", "the API serves no files; let a proxy serve them"),
        RefusedKey("websocket", "watch runs with server-sent events, `GET /tasks/{id}/events`"),
    ]

    private static let stickyReason = "every run draws its way for itself"
    private static let systemReason =
        "no other services are started here; start them before, for example with docker compose"
}
