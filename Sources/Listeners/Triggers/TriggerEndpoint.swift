package import Documents
package import Expressions
package import HTTPWire
internal import Primitives
package import Verification

/// One endpoint of a trigger listener, compiled: which workflow a request starts, and with what input.
package struct TriggerEndpoint: Sendable {
    /// Its number among the endpoints of its listener.
    package let index: Int
    /// What it is called in logs and messages.
    package let name: String
    /// The whole path, base path included.
    package let path: String
    /// The parameters of its path.
    package let pattern: PathPattern
    /// Where its path is written.
    let pathPosition: SourcePosition
    /// The methods it answers.
    package let methods: [Method]
    /// Who may send to it; nil for anybody.
    package let verifier: Verifier?
    /// The workflow's id, often a constant.
    package let workflow: Template
    /// Where the workflow's id is written.
    package let workflowPosition: SourcePosition
    /// The run's input; nil: the whole body, in bulk the item.
    let input: Template?
    /// What tells repeated requests, or items; nil: each starts a run.
    let deduplication: Deduplication?
    /// How long a request that started runs is remembered, by that or by its `Idempotency-Key`.
    let deduplicateFor: Nanoseconds
    /// Whether a request starts many runs.
    package let isBulk: Bool
    /// Where the items are, or, where the request starts one run, what `item` means.
    let item: Template?
    /// The most items of a bulk request.
    let itemsMax: Int
    /// The most bytes of a body.
    package let bodyBytesMax: Int
    /// The status of every success answer; nil: 200.
    let respondStatus: Int?
    /// What it says of the requests it takes.
    package let rules: EndpointRules
    /// The request's parts, beside the body, that its templates read.
    let facts: SourceSet

    /// Whether the body makes a difference to what is started.
    var readsBody: Bool { input == nil || facts.contains(.body) || facts.contains(.item) }

    /// The methods as people write them: `GET|POST`.
    var methodNames: String { methods.map(\.name).joined(separator: "|") }
}
