package import Documents
package import Primitives

/// A wait that a component's requests will cause, for `sluice check`.
package struct PlannedWait: Sendable {
    /// The component.
    package let component: String
    /// The action; nil where it has only one.
    package let action: String?
    /// The step, where the wait is that of one step and not of all that call the component; nil otherwise.
    package let step: String?
    /// The URL of ours that its request carries, as written; nil where `completion` says it outright without one.
    package let url: String?
    /// Where that URL is written, as a path of keys; nil where there is none.
    package let place: String?
    /// The endpoints whose callbacks can answer it, by name; empty where there is none.
    package let endpoints: [String]
    /// The keys, as written: `${context.run_id}`, then what is read from the response.
    package let keys: [String]
    /// The bound of the wait.
    package let deadline: Nanoseconds
    /// Whether it is implicit or `completion` says it.
    package let isImplicit: Bool
    /// Where the component stands.
    package let position: SourcePosition
}
