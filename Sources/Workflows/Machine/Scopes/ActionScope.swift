internal import Documents
internal import Expressions
internal import JSONWire
internal import Primitives

/// The sources of an expression that stands on a component's action.
struct ActionScope: Scope {
    let run: RunMachine
    let instance: Int
    let gateways: GatewayValues
    /// The time of the event that is handled.
    let now: WallTime
    var response: JSONValue = .null
    var result: JSONValue = .null
    var output: JSONValue = .null
    /// What HTTP says of the last answer; nil before there is one.
    var head: AnswerHead?

    func resolve(_ reference: Reference) throws(EvaluationError) -> JSONValue {
        switch reference.source {
        case .input: (run.instance(at: instance)?.input ?? .null).select(reference.steps)
        case .response: response.select(reference.steps)
        case .result: result.select(reference.steps)
        case .http: head?.select(reference.steps) ?? .null
        case .output: output.select(reference.steps)
        case .context:
            ContextValues(run: run, instance: instance, now: now).select(reference.steps)
        case .gateway: gateways.select(port: reference.argument, reference.steps)
        default: .null
        }
    }
}

/// The sources of an endpoint's `identify_by` when it is asked about a response instead of a callback.
struct ResponseAsCallbackScope: Scope {
    let response: JSONValue
    let query: JSONValue
    let path: JSONValue

    func resolve(_ reference: Reference) throws(EvaluationError) -> JSONValue {
        switch reference.source {
        case .body, .item: response.select(reference.steps)
        case .query: query.select(reference.steps)
        case .path: path.select(reference.steps)
        default: .null
        }
    }
}
