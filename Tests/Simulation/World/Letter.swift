import Primitives
import Rendezvous

@testable import Listeners

/// A callback as its sender has it: the same bytes every time it is sent.
struct Letter {
    let endpoint: CallbackEndpoint
    let body: [UInt8]
    /// The key it carries.
    let key: [UInt8]
    var sentCount = 0
    /// Whether a sender was told 2xx that it is delivered or held.
    var isAcknowledged = false

    /// Whether it counts as another one once somebody waits for its key again.
    var mayRepeat: Bool { endpoint.arriveOptions.reuseKeys }
}
