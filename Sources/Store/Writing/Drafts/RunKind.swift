internal import Primitives

/// A workflow as one configuration text has it.
struct RunKind: Hashable {
    /// The workflow's id.
    let workflow: String
    /// The configuration text.
    let plan: Fingerprint
}
