internal import HTTPWire

/// Where an endpoint of a listener is reached on this machine.
package struct EndpointAddress: Sendable {
    /// Whether its requests start runs; callbacks otherwise.
    package let isTrigger: Bool
    /// The name that the configuration gives it; nil for none.
    package let id: String?
    /// The method it takes; the first of several.
    package let method: String
    /// The host its listener listens on.
    package let host: String
    /// The port its listener listens on.
    package let port: Int
    /// Its whole path, with its parameters as they are written.
    package let path: String
    /// The parameters of its path.
    let pattern: PathPattern

    /// Whether its path has parameters, so that a request must say what stands for them.
    package var hasParameters: Bool { !pattern.parameters.isEmpty }

    /// Whether a target, with or without a query, is one of its own.
    package func takes(_ target: String) -> Bool {
        target.hasPrefix("/")
            && pattern.takes(sentPath: PathText.path(ofTarget: target), of: path)
    }
}

extension ListenerSettings {
    /// Where its endpoints are reached, in the order written.
    package var addresses: [EndpointAddress] {
        switch endpoints {
        case .callbacks(let endpoints):
            endpoints.map { address(false, $0.id, $0.methodNames, $0.path, $0.pattern) }
        case .triggers(let endpoints):
            endpoints.map { address(true, nil, $0.methodNames, $0.path, $0.pattern) }
        }
    }

    private func address(
        _ isTrigger: Bool,
        _ id: String?,
        _ methods: String,
        _ path: String,
        _ pattern: PathPattern
    ) -> EndpointAddress {
        let first = methods.prefix { $0 != "," && $0 != " " && $0 != "|" }
        return EndpointAddress(
            isTrigger: isTrigger,
            id: id,
            method: String(first),
            host: host,
            port: port,
            path: path,
            pattern: pattern
        )
    }
}
