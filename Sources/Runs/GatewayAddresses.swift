package import Workflows

/// What every gateway's public address is; runs read it when they render a request.
package final class GatewayAddresses: Sendable {
    /// The values known at load.
    package let values: GatewayValues

    /// Makes a board with the values known at load.
    package init(_ values: GatewayValues) {
        self.values = values
    }
}
