import Configuration
import Documents
import Testing

/// Sources that always have the same members: another one would be null for ever, and is an error with the nearest.
@Suite struct SourceMemberTests {
    private static let listener =
        "listener: { path: /a, identify_by: '${body.id}', result: '${X}' }\n"
        + "workflow: { jobs: [ { id: a, type: wait, wait_for: '${input.id}' } ] }\n"
    private static let trigger =
        "listener: { path: /a, workflow: w, input: '${X}' }\n"
        + "workflow: { id: w, jobs: [ { id: a, type: wait, wait_for: '${input.id}' } ] }\n"
    private static let component =
        "component: { id: c, type: http-client, endpoint: 'http://h/x', body: { a: '${X}' } }\n"
        + "workflow: { jobs: [ { id: a, component: c } ] }\n"
    private static let step =
        "component: { id: c, type: http-client, endpoint: 'http://h/x', body: {} }\n"
        + "workflow: { jobs: [ { id: a, component: c, on_error: { output: '${X}' } } ] }\n"

    private static func errors(_ text: String, _ source: String) -> [String] {
        Loading(text.replacing("X", with: source)).diagnostics.all
            .filter { $0.severity == .error }
            .map { "\($0.message) (\($0.suggestion ?? ""))" }
    }

    @Test(arguments: [
        (
            listener, "context.run_id",
            "`context` has no `run_id` here; it has `request_id`, `timestamp` ()"
        ),
        (
            trigger, "context.requestid",
            "`context` has no `requestid` here; it has `request_id`, `timestamp` (context.request_id)"
        ),
        (
            listener, "client.addr",
            "`client` has no `addr` here; it has `address`, `peer` (client.address)"
        ),
        (
            component, "context.runid | input.x",
            "`context` has no `runid` here; it has `run_id`, `task_id`, `workflow_id`, `step_id`, "
                + "`attempt`, `timestamp`, `request_id` (context.run_id)"
        ),
        (
            component, "context.now.x",
            "`context` has no `now` here; it has `run_id`, `task_id`, `workflow_id`, `step_id`, "
                + "`attempt`, `timestamp`, `request_id` ()"
        ),
        (
            step, "error.mesage",
            "`error` has no `mesage` here; it has `code`, `message`, `step`, `attempt`, "
                + "`component`, `result` (error.message)"
        ),
    ])
    func `a member that is never there is an error`(
        _ text: String,
        _ source: String,
        _ error: String
    ) {
        #expect(Self.errors(text, source) == [error])
    }

    @Test(arguments: [
        (listener, "context.request_id"), (listener, "context"), (trigger, "context.timestamp"),
        (trigger, "client.address"), (component, "context.run_id"), (component, "context.attempt"),
        (step, "error.result.code"), (step, "error"), (component, "input.context.foo"),
        (component, "now()"), (trigger, "now()"), (listener, "body.error.foo"),
    ])
    func `what is there is taken`(_ text: String, _ source: String) {
        #expect(Self.errors(text, source) == [])
    }
}
