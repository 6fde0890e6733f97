internal import Expressions
internal import JSONWire
internal import Primitives

/// What `${context.…}` yields; only what is named is built.
struct ContextValues {
    let run: RunMachine
    /// The step instance; nil for the workflow's own output.
    let instance: Int?
    /// The time of the event that is handled: `now()`.
    let now: WallTime

    private static let names = [
        "run_id", "task_id", "workflow_id", "step_id", "attempt", "timestamp", "request_id",
    ]

    func select(_ steps: [PathStep]) -> JSONValue {
        guard case .member(let name)? = steps.first else {
            var whole = JSONObject()
            for name in Self.names { whole[name] = value(name) }
            return JSONValue.object(whole).select(steps)
        }
        return value(name.text).select(steps.dropFirst())
    }

    private func value(_ name: String) -> JSONValue {
        let step = instance.flatMap { run.instance(at: $0) }
        switch name {
        case "run_id": return step?.attemptID.map { .string($0.text) } ?? .null
        case "task_id": return .string(run.id.text)
        case "workflow_id": return .string(run.plan.id)
        case "step_id": return step.map { .string(run.plan.steps[Int($0.plan)].id) } ?? .null
        case "now": return .string(now.rfc3339)
        case "attempt": return step.map { .integer(Int64($0.tries)) } ?? .null
        case "timestamp": return step.map { .string($0.startedAt.rfc3339) } ?? .null
        case "request_id": return run.requestID.map { .string($0) } ?? .null
        default: return .null
        }
    }
}

extension GatewayValues {
    /// What `${gateway:PORT…}` yields; without a port the first gateway counts.
    func select(port: Int?, _ steps: [PathStep]) -> JSONValue {
        guard let gateway = port.map({ self[$0] }) ?? gateways.first else { return .null }
        let whole: JSONObject = [
            "public_url": gateway.publicURL.map { .string($0) } ?? .null,
            "public_address": gateway.publicAddress.map { .string($0) } ?? .null,
            "port": .integer(Int64(gateway.port)),
            "driver": .string(gateway.driver),
        ]
        return JSONValue.object(whole).select(steps)
    }
}

extension StepFailure {
    /// What `${error}` yields.
    var jsonValue: JSONValue {
        let whole: JSONObject = [
            "code": .string(code.rawValue), "message": .string(message), "step": .string(step),
            "attempt": .integer(Int64(attempt)),
            "component": component.map { .string($0) } ?? .null, "result": result,
        ]
        return .object(whole)
    }
}
