internal import Documents
package import Expressions
package import HTTPWire
internal import Primitives
package import Rendezvous
package import Verification

/// What the configuration says of one endpoint of a callback listener: how a request becomes a key, a verdict and a
/// result.
package struct CallbackSettings: Sendable {
    /// Its number among the endpoints of its listener.
    package let index: Int
    /// Whose bounds its held callbacks count against: its listener's place in the configuration, or, where it has bounds of its
    /// own, a place behind those of all listeners.
    package var listener: Int
    /// The number of the same in the journal.
    package let listenerNumber: Int
    /// How many callbacks it may hold itself; nil: they count against its listener's bounds.
    package let held: WaiterTable.HeldLimits?
    /// What it is called in logs and messages: `POST :8090/webhooks/image/completed`.
    package let name: String
    /// The endpoint's own `id:`, by which an explicit wait names it.
    package let id: String?
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
    /// Whose held callbacks it counts among, where that is not all of its listener's.
    package var heldPlace: Int?
    /// The channel its keys are on.
    package var channel: Channel
    /// Whether it names no channel: then it is on the default one, and has one of its own where a wait names it.
    package let isOnDefaultChannel: Bool
    /// What the key is read from; nil: every callback has the shared key.
    package let identifyBy: Template?
    /// What the status is read from; nil: every callback is a success.
    let status: Template?
    /// The statuses that mean success, by their text; nil where the key is not given.
    let successWhen: [String]?
    /// The statuses that mean failure, by their text; nil where the key is not given.
    let failWhen: [String]?
    /// What the result is made of; nil: the whole body, in bulk the whole item.
    let result: Template?
    /// What tells repeated callbacks; nil: their bytes.
    package let deduplication: Deduplication?
    /// Whether a request carries many callbacks.
    package let isBulk: Bool
    /// Where the items are, or, where the request is one callback, what `item` means.
    package let item: Template?
    /// The most items of a bulk request.
    package let itemsMax: Int
    /// The most bytes of a body.
    package let bodyBytesMax: Int
    /// Whether a key that ended may be waited for again.
    package let reusesKeys: Bool
    /// Whether a callback nobody waits for is refused instead of held.
    package let rejectsUnmatched: Bool
    /// How long a callback waits for its waiter.
    let holdFor: Nanoseconds
    /// The status of every success answer; nil: each has its own.
    let respondStatus: Int?
    /// What it says of the requests it takes.
    package let rules: EndpointRules
    /// The request's parts, beside the body, that its templates read.
    let facts: SourceSet
    /// The header fields that are part of what a callback is, in lower case: those that its key, status and result name.
    package let countedHeaders: [String]

    /// The methods as people write them: `GET|POST`.
    package var methodNames: String { methods.map(\.name).joined(separator: "|") }
}
