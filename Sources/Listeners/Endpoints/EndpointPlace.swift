package import HTTPEngine
package import Primitives
package import Rendezvous
package import Verification

/// What the endpoints of one listener have in common.
package struct EndpointPlace {
    /// The listener's place in the configuration.
    let listener: Int
    /// The listener's number in the journal.
    let listenerNumber: Int
    /// The listener's port.
    let port: Int
    /// What stands before every path.
    let basePath: String
    /// The bound of bodies where the listener names one.
    let bodyBytesMax: Int?
    /// The listener's bounds.
    let limits: ServerLimits
    /// How long a callback is held where the endpoint does not say.
    let holdFor: Nanoseconds
    /// How many callbacks the listener may hold.
    let held: WaiterTable.HeldLimits
    /// Who may send to endpoints that do not say it; nil for anybody.
    let verifier: Verifier?
    /// What reads `verify`.
    let verifiers: VerifierReader

    /// Takes what a listener says for all of its endpoints.
    package init(
        listener: Int,
        listenerNumber: Int,
        port: Int,
        basePath: String,
        bodyBytesMax: Int?,
        limits: ServerLimits,
        holdFor: Nanoseconds,
        held: WaiterTable.HeldLimits,
        verifier: Verifier?,
        verifiers: VerifierReader
    ) {
        self.listener = listener
        self.listenerNumber = listenerNumber
        self.port = port
        self.basePath = basePath
        self.bodyBytesMax = bodyBytesMax
        self.limits = limits
        self.holdFor = holdFor
        self.held = held
        self.verifier = verifier
        self.verifiers = verifiers
    }
}
