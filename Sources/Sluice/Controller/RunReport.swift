internal import JSONWire
internal import Primitives
internal import Workflows

/// A run's state as the controller shows it.
enum RunReport {
    /// The state of a run: id, status, workflow, and, as far as there are, output, error, waits and interrupts.
    static func of(_ cell: RunCell) -> JSONValue {
        let view = cell.view
        var object = head(cell.id, status: view.status, workflow: cell.workflowID)
        if view.status == .completed { object["output"] = view.output ?? .null }
        if let failure = view.failure { object["error"] = error(failure) }
        if let reason = view.cancelReason { object["reason"] = .string(reason) }
        if !view.waiting.isEmpty { object["waiting"] = .array(view.waiting.map(wait)) }
        if !view.interrupts.isEmpty {
            object["interrupts"] = .array(view.interrupts.map(interrupt))
        }
        return .object(object)
    }

    /// The members every state begins with.
    static func head(_ id: UUIDv7, status: RunStatus, workflow: String) -> JSONObject {
        [
            "task_id": .string(id.text), "status": .string(status.rawValue),
            "workflow_id": .string(workflow),
        ]
    }

    /// A failure with what it names: code, message, step, attempt, component.
    static func error(_ failure: RunFailure) -> JSONValue {
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
