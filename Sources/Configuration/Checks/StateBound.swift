internal import Components
internal import Documents
internal import HTTPEngine
internal import Listeners
internal import Runs

/// The bound on what a run holds, beside the bounds on what is let in: what is taken must fit.
struct StateBound {
    /// Where it is not given it is this many times what may come in at once: a run holds what came as the output of one step and
    /// the input of the next, and may wait for more.
    static let factor = 4
    /// It is at least this.
    static let least = 4 << 20
    /// Beside the body of a bulk request it has room for this.
    static let besideBulk = 16 << 20

    let listeners: [ListenerSettings]
    let server: ServerSettings
    let client: ClientSettings

    /// The bound where none is given.
    var standard: Int {
        let single = bodies.filter { !$0.isBulk }.map(\.bytesMax)
        let largest = (single + [server.limits.bodyBytesMax, client.responseBytesMax]).max() ?? 0
        // An item of a bulk request may be as large as its body, and seldom is.
        let bulk = bodies.map(\.bytesMax).max().map { $0 + Self.besideBulk } ?? 0
        return max(Self.least, largest.saturating(times: Self.factor), bulk)
    }

    /// Reports what is let in and does not fit.
    func check(_ executor: ExecutorSettings, _ diagnostics: Diagnostics) {
        guard let position = executor.statePosition else { return }
        for body in bodies where !body.isBulk && body.bytesMax > executor.stateBytesMax {
            diagnostics.error(
                "a run may hold \(executor.stateBytesMax) bytes, and the endpoint \(body.name) "
                    + "(\(body.position.description)) takes bodies of \(body.bytesMax): raise "
                    + "`executor.max_state_size`, or lower `max_body_size` there",
                at: position,
                keyPath: "executor.max_state_size"
            )
        }
        if let given = client.responsePosition, client.responseBytesMax > executor.stateBytesMax {
            diagnostics.error(
                "a run may hold \(executor.stateBytesMax) bytes, and `client.max_response_size` "
                    + "(\(given.description)) takes answers of \(client.responseBytesMax): raise "
                    + "`executor.max_state_size`, or lower that",
                at: position,
                keyPath: "executor.max_state_size"
            )
        }
    }

    /// A body that an endpoint lets in.
    private struct Body {
        let name: String
        let position: SourcePosition
        let bytesMax: Int
        let isBulk: Bool
    }

    private var bodies: [Body] {
        listeners.flatMap { listener -> [Body] in
            switch listener.endpoints {
            case .callbacks(let endpoints):
                endpoints.map {
                    Body(
                        name: $0.settings.name,
                        position: listener.position,
                        bytesMax: $0.settings.bodyBytesMax,
                        isBulk: $0.settings.isBulk
                    )
                }
            case .triggers(let endpoints):
                endpoints.map {
                    Body(
                        name: $0.name,
                        position: listener.position,
                        bytesMax: $0.bodyBytesMax,
                        isBulk: $0.isBulk
                    )
                }
            }
        }
    }
}

extension ExecutorSettings {
    /// The settings with the bound on a run's state that what is let in asks for, where none is given; reports what does not fit.
    func bounded(
        by listeners: [ListenerSettings],
        _ server: ServerSettings,
        _ client: ClientSettings,
        _ diagnostics: Diagnostics
    ) -> ExecutorSettings {
        let bound = StateBound(listeners: listeners, server: server, client: client)
        var settings = self
        if statePosition == nil { settings.stateBytesMax = bound.standard }
        bound.check(settings, diagnostics)
        return settings
    }
}

extension Configuration {
    /// The largest body of a callback, or of callbacks in bulk, that a listener takes.
    package var callbackBytesMax: Int {
        listeners.reduce(0) { most, listener in
            guard case .callbacks(let endpoints) = listener.endpoints else { return most }
            return max(most, endpoints.map(\.settings.bodyBytesMax).max() ?? 0)
        }
    }
}

extension Configuration {
    /// A run whose events have this many bytes may hold so much that not every callback fits beside it.
    ///
    /// What an event brings may be held several times: as an output, and as the input of what follows.
    package var heldBytesMax: Int { max(0, executor.stateBytesMax - callbackBytesMax) / 8 }
}

extension Int {
    /// The product, or the largest number where it does not fit.
    fileprivate func saturating(times factor: Int) -> Int {
        let (product, isTooLarge) = multipliedReportingOverflow(by: factor)
        return isTooLarge ? .max / 2 : product
    }
}
