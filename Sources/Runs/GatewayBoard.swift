internal import Synchronization
package import Workflows

/// What every gateway's public address is at this moment; runs read it when they render a request.
package final class GatewayBoard: Sendable {
    private let current: Mutex<GatewayValues>

    /// Makes a board with the values known at load (public domains; tunnels join when they are up).
    package init(_ values: GatewayValues) {
        current = Mutex(values)
    }

    /// The values as they stand.
    package var values: GatewayValues { current.withLock { $0 } }
}
