package import Documents

extension Configuration {
    /// What is right as a configuration and keeps the server from starting with it: an error for each.
    ///
    /// `sluice check` reports it, and the server refuses to start for it. What only the machine can tell, such as a port that
    /// is in use, is not among it.
    package var startRefusals: [Diagnostic] {
        gateways.compactMap { gateway in
            guard case .tunnel(let driver) = gateway.kind else { return nil }
            return Diagnostic(
                .error,
                at: gateway.position,
                message: "the gateway driver `\(driver)` cannot be started yet; name the server's "
                    + "public address instead: gateway: {type: public, url: https://…, "
                    + "port: \(gateway.port)}"
            )
        }
    }
}
