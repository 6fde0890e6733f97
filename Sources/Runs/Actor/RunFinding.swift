package import Store

/// What became of the search for a run.
package enum RunFinding: Sendable {
    /// It is in memory.
    case found(RunActor)
    /// There is none: neither in memory nor in the store.
    case unknown
    /// Nobody knows: the store cannot be read at present.
    case unreadable(StoreError)

    /// The run; nil where it was not found.
    package var cell: RunActor? {
        if case .found(let cell) = self { cell } else { nil }
    }

    /// What somebody who wants a run does where the store cannot be read.
    package enum Patience: Sendable {
        /// Is told so at once: a reader asks again.
        case none
        /// Waits until it can be read: what it has for the run must not be lost.
        case untilReadable
        /// Waits so, but is told at once of what is damaged; that is brought back nevertheless when it is mended.
        case unlessDamaged
    }
}
