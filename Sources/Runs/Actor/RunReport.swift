package import JSONWire
internal import Journal
internal import Primitives
package import Store
package import Workflows

/// A run's state as the controller shows it.
package enum RunReport {
    /// The state of a run: id, status, workflow, and, as far as there are, output, error, waits and interrupts.
    package static func of(_ cell: RunActor) -> JSONValue {
        let view = cell.view
        return .object(object(cell, view))
    }

    /// The state of a run with its input and its steps, as `GET /tasks/{id}` shows it.
    ///
    /// - Parameters:
    ///   - cell: The run.
    ///   - withOutputs: Whether each step comes with its output, which may be large.
    /// - Returns: The state, as a JSON object.
    /// - Complexity: O(steps), items of for-each steps included.
    package static func whole(_ cell: RunActor, withOutputs: Bool) -> JSONValue {
        let view = cell.view
        var object = object(cell, view)
        object["input"] = view.input
        object["steps"] = .array(
            view.steps.filter { !$0.isItem }.map { step($0, withOutput: withOutputs) }
        )
        return .object(object)
    }

    private static func object(_ cell: RunActor, _ view: RunState) -> JSONObject {
        var object = head(cell, status: view.status)
        object["started_at"] = .string(cell.startedAt.rfc3339)
        if let ended = view.endedAt { object["ended_at"] = .string(ended.rfc3339) }
        if view.status == .completed { object["output"] = view.output ?? .null }
        addRest(of: view, to: &object)
        return object
    }

    private static func step(_ step: StepView, withOutput: Bool) -> JSONValue {
        var object: JSONObject = [
            "id": .string(step.name), "status": .string(step.status.name),
            "attempt": .integer(Int64(step.attempt)),
        ]
        if let component = step.component { object["component"] = .string(component) }
        if let time = step.startedAt { object["started_at"] = .string(time.rfc3339) }
        if let time = step.endedAt { object["ended_at"] = .string(time.rfc3339) }
        if let items = step.items {
            object["items"] = .object([
                "total": .integer(Int64(items.total)),
                "completed": .integer(Int64(items.completed)),
                "failed": .integer(Int64(items.failed)),
                "running": .integer(Int64(items.running)),
                "waiting": .integer(Int64(items.waiting)),
            ])
        }
        if withOutput, step.status == .completed { object["output"] = step.output }
        return .object(object)
    }

    /// The state of a run in a list: with its start, without its output.
    package static func line(_ cell: RunActor) -> JSONValue {
        let view = cell.view
        var object = head(cell, status: view.status)
        object["started_at"] = .string(cell.startedAt.rfc3339)
        if let ended = view.endedAt { object["ended_at"] = .string(ended.rfc3339) }
        addRest(of: view, to: &object)
        return .object(object)
    }

    /// The state of a run in a list that is in the store only: one that has not ended waits.
    package static func line(_ run: StoredRunLine) -> JSONValue {
        var object: JSONObject = [
            "task_id": .string(run.id.text),
            "status": .string((run.status ?? .waiting).rawValue),
            "workflow_id": .string(run.workflow),
        ]
        let labels = RunLabels(bytes: run.labels)
        if let session = labels?.sessionID { object["session_id"] = .string(session) }
        if let metadata = labels?.metadata, !metadata.isNull { object["metadata"] = metadata }
        let started = WallTime(milliseconds: Int64(clamping: run.id.high >> 16))
        object["started_at"] = .string(started.rfc3339)
        return .object(object)
    }

    /// The state of a run with its kept history, as JSON text.
    package static func withHistory(_ cell: RunActor, withOutputs: Bool) -> [UInt8] {
        var text = whole(cell, withOutputs: withOutputs).jsonText
        let rest = cell.history(after: 0).rest
        text.removeLast()
        text += #","history":[\#(rest.notes.map(\.jsonText).joined(separator: ","))]"#
        if rest.lostCount > 0 { text += #","history_lost":\#(rest.lostCount)"# }
        return Array((text + "}").utf8)
    }

    /// The members every state begins with.
    package static func head(_ cell: RunActor, status: RunStatus) -> JSONObject {
        var object: JSONObject = [
            "task_id": .string(cell.id.text), "status": .string(status.rawValue),
            "workflow_id": .string(cell.workflowID),
        ]
        if let session = cell.labels?.sessionID { object["session_id"] = .string(session) }
        if let metadata = cell.labels?.metadata, !metadata.isNull { object["metadata"] = metadata }
        if let cause = cell.cause { add(cause, to: &object) }
        return object
    }

    /// How the run came to be started, and the event that started it, where one did.
    private static func add(_ cause: RunCause, to object: inout JSONObject) {
        object["started_by"] = .string(cause.kind.name)
        guard let event = cause.event else { return }
        var told: JSONObject = ["event_id": .string(event.id), "name": .string(event.name)]
        if !event.source.isEmpty { told["source"] = .string(event.source) }
        object["event"] = .object(told)
    }

    private static func addRest(of view: RunState, to object: inout JSONObject) {
        if let failure = view.failure { object["error"] = error(failure) }
        if let reason = view.cancelReason { object["reason"] = .string(reason) }
        if !view.waiting.isEmpty { object["waiting"] = .array(view.waiting.map(wait)) }
        guard !view.interrupts.isEmpty else { return }
        let interrupts = view.interrupts.map(interrupt)
        object["interrupt"] = interrupts[0]
        object["interrupts"] = .array(interrupts)
    }

    /// A failure with what it names: code, message, step, attempt, component.
    package static func error(_ failure: RunFailure) -> JSONValue {
        var object: JSONObject = [
            "code": .string(failure.code.rawValue), "message": .string(failure.message),
        ]
        if let step = failure.step { object["step"] = .string(step) }
        if let attempt = failure.attempt { object["attempt"] = .integer(Int64(clamping: attempt)) }
        if let component = failure.component { object["component"] = .string(component) }
        if !failure.result.isNull { object["result"] = failure.result }
        return .object(object)
    }

    private static func wait(_ wait: WaitView) -> JSONValue {
        .object([
            "step": .string(wait.step), "keys": .array(wait.keys.map(JSONValue.string)),
            "until": .string(wait.until.rfc3339),
        ])
    }

    private static func interrupt(_ interrupt: InterruptView) -> JSONValue {
        .object([
            "interrupt_id": .string(interrupt.id), "job_id": .string(interrupt.step),
            "phase": .string(interrupt.phase), "message": .string(interrupt.message),
            "metadata": interrupt.metadata,
        ])
    }
}
