/// Where the value of a reference comes from: the first word of `${body.task_id}`.
package enum Source: UInt8, CaseIterable, Sendable, Hashable {
    /// The request's body, in a listener.
    case body
    /// One element of a bulk request; the element at hand inside the `*` operator, a for-each or a filter.
    case item
    /// The query parameters of the request.
    case query
    /// The header fields of the request; names compare without case.
    case header
    /// The path of the request.
    case path
    /// The method of the request.
    case method
    /// Who sent the request.
    case client
    /// Ids and times: `run_id`, `task_id`, `workflow_id`, `step_id`, `attempt`, `timestamp`, `request_id`.
    case context
    /// The input of a run, a step or a component.
    case input
    /// The response to a component's request.
    case response
    /// What a component's wait, or its program, yielded.
    case result
    /// What HTTP says of the answer to a component's request: `status`, `headers`.
    case http
    /// What makes a port reachable: `gateway:8090.public_url`.
    case gateway
    /// A variable of the environment; put in at load.
    case env
    /// A secret of `secrets:`; put in at load.
    case secret
    /// The steps of a run: `jobs.ID.output`.
    case jobs
    /// The output of what a step calls, or of the step before.
    case output
    /// The failure that `on_error` handles.
    case error
    /// The place of `item` in its list, from 0.
    case index
    /// What an accumulation has come to so far.
    case accumulator
    /// The step that an interrupt asks about: `job.input`, `job.output`.
    case job
    /// The request as it was sent: `body_base64`.
    case request

    /// The word for the source in an expression.
    package var name: String { String(describing: self) }

    /// The source a word names, or nil.
    package init?(name: some StringProtocol) {
        guard let found = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = found
    }

    /// Whether its values are put in when the configuration is loaded.
    package var isReadAtLoad: Bool { self == .env || self == .secret }
}
