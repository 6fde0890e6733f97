internal import Workflows

/// What every gateway's public address is; runs read it when they render a request.
final class GatewayBoard: Sendable {
    /// The values known at load.
    let values: GatewayValues

    /// Makes a board with the values known at load.
    init(_ values: GatewayValues) {
        self.values = values
    }
}
