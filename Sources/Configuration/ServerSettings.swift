internal import Documents
package import HTTPEngine
internal import HTTPWire
internal import Listeners
package import Primitives

/// `server:`, what serves all listeners and the controller.
package struct ServerSettings: Sendable {
    /// The keys of the block.
    enum Keys {
        static let threads = SettingKey<Int>.integer(
            "threads",
            in: 0...1024,
            default: 0,
            "loop threads; 0 takes as many as the machine gives processors"
        )
        static let bodyMemoryMax = SettingKey<Int>.size(
            "max_body_memory",
            default: 512 << 20,
            "bodies that are coming in, over all connections; beyond it they wait in "
                + "their order, then 503"
        )
        static let answerMemoryMax = SettingKey<Int>.size(
            "max_answer_memory",
            default: 256 << 20,
            "answers that clients have not read, over all connections; beyond it the "
                + "slowest client is cut off"
        )
        static let verifyingCountMax = SettingKey<Int>.integer(
            "max_verifying_count",
            in: 1...1_000_000,
            default: VerificationService.verifyingCountMax,
            "requests held at once while a worker finds out who sent them; beyond it 503"
        )
        static let shutdownDelay = SettingKey<Nanoseconds>.duration(
            "shutdown_delay",
            default: Nanoseconds(0),
            "after the first signal: everything is still served, /readyz and /health say 503"
        )
        static let shutdownTimeout = SettingKey<Nanoseconds>.duration(
            "shutdown_timeout",
            default: .seconds(30),
            "how long what is under way may take to finish after the first signal"
        )
        static let map = SettingMap(
            "server",
            [
                threads, bodyMemoryMax, answerMemoryMax, verifyingCountMax, shutdownDelay,
                shutdownTimeout, TrustedProxies.key,
            ],
            including: [ServerLimits.Keys.map]
        )
    }

    /// Loop threads; 0 takes as many as the machine gives processors.
    package var threads = Keys.threads.fallback
    /// Bytes of request bodies that may be coming in over all connections.
    package var bodyMemoryMax = Keys.bodyMemoryMax.fallback
    /// Bytes of answers that clients have not read yet, over all connections.
    package var answerMemoryMax = Keys.answerMemoryMax.fallback
    /// Requests that are held at once while a worker finds out who sent them; beyond it 503.
    package var verifyingCountMax = Keys.verifyingCountMax.fallback
    /// How long everything is still served after the first signal, while `/readyz` says that the server goes down.
    package var shutdownDelay = Keys.shutdownDelay.fallback
    /// How long what is under way may take to finish after the first signal.
    package var shutdownTimeout = Keys.shutdownTimeout.fallback
    /// The bounds of connections and requests where a listener names none of its own.
    package var limits = ServerLimits()
    /// The proxies whose word for who sent a request is taken, where a listener names none.
    package var trustedProxies = TrustedProxies([])

    /// The defaults.
    package init() {}

    /// Reads the block; nil gives the defaults.
    ///
    /// `shutdownTimeout` is what the controller says of it, for a block that does not.
    init(_ reader: SettingsReader?, shutdownTimeout: Nanoseconds? = nil) {
        self.shutdownTimeout = shutdownTimeout ?? self.shutdownTimeout
        guard var reader else { return }
        reader.accept(Keys.map)
        threads = reader.read(Keys.threads)
        bodyMemoryMax = reader.read(Keys.bodyMemoryMax)
        answerMemoryMax = reader.read(Keys.answerMemoryMax)
        verifyingCountMax = reader.read(Keys.verifyingCountMax)
        shutdownDelay = reader.read(Keys.shutdownDelay)
        self.shutdownTimeout = reader.read(Keys.shutdownTimeout, or: self.shutdownTimeout)
        limits.read(&reader)
        trustedProxies = TrustedProxies.read(&reader) ?? trustedProxies
        reader.finish()
    }
}

extension ServerLimits {
    /// The keys of the bounds that stand in `server:` and in a listener alike; the defaults are the server's own.
    enum Keys {
        private static let standard = ServerLimits()

        static let connectionsMax = SettingKey<Int>.integer(
            "max_connections",
            in: 1...10_000_000,
            default: standard.connectionsMax,
            "connections of a listener; the next one gets 503 and is closed"
        ).heading(
            "The bounds below stand here for all listeners, and may stand in a listener for itself."
        )
        static let headerBytesMax = SettingKey<Int>.size(
            "max_header_size",
            default: standard.wire.headerBytesMax,
            "the header section of a request; beyond it 431"
        )
        static let requestLineBytesMax = SettingKey<Int>.size(
            "max_uri_size",
            default: standard.wire.requestLineBytesMax,
            "the request line; beyond it 414"
        )
        static let bodyBytesMax = SettingKey<Int>.size(
            "max_body_size",
            default: standard.bodyBytesMax,
            "a request's body; beyond it 413 (bulk endpoints: \(SizeText.spell(EndpointKeys.bulkBodyBytesMax)))"
        )
        static let headTimeout = SettingKey<Nanoseconds>.duration(
            "header_timeout",
            default: standard.headTimeout,
            "from the first byte of a request to the last of its header; beyond it 408"
        )
        static let idleTimeout = SettingKey<Nanoseconds>.duration(
            "idle_timeout",
            default: standard.idleTimeout,
            "a connection without a request is closed after this"
        )
        static let bodyBytesPerSecondMin = SettingKey<Int>.size(
            "min_body_rate",
            default: standard.bodyBytesPerSecondMin,
            "bytes of a body in a second, over any 5 seconds; below it 408"
        )
        static let map = SettingMap(
            "limits",
            [
                connectionsMax, headerBytesMax, requestLineBytesMax, bodyBytesMax, headTimeout,
                idleTimeout, bodyBytesPerSecondMin,
            ]
        )
    }

    /// Reads the bounds that stand in `server:` and in a listener alike; what stood before is the default.
    mutating func read(_ reader: inout SettingsReader) {
        connectionsMax = reader.read(Keys.connectionsMax, or: connectionsMax)
        wire.headerBytesMax = reader.read(Keys.headerBytesMax, or: wire.headerBytesMax)
        wire.requestLineBytesMax = reader.read(
            Keys.requestLineBytesMax,
            or: wire.requestLineBytesMax
        )
        bodyBytesMax = reader.read(Keys.bodyBytesMax, or: bodyBytesMax)
        headTimeout = reader.read(Keys.headTimeout, or: headTimeout)
        idleTimeout = reader.read(Keys.idleTimeout, or: idleTimeout)
        bodyBytesPerSecondMin = reader.read(Keys.bodyBytesPerSecondMin, or: bodyBytesPerSecondMin)
    }
}
