internal import Synchronization
internal import Workflows

/// What every gateway's public address is at this moment; runs read it when they render a request.
final class GatewayBoard: Sendable {
    private let current: Mutex<GatewayValues>

    /// Makes a board with the values known at load (public domains; tunnels join when they are up).
    init(_ values: GatewayValues) {
        current = Mutex(values)
    }

    /// The values as they stand.
    var values: GatewayValues { current.withLock { $0 } }
}
