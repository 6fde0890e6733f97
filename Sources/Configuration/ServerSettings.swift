internal import Documents
package import HTTPEngine
internal import HTTPWire
internal import Listeners
package import Primitives

/// `server:`, what serves all listeners and the controller.
package struct ServerSettings: Sendable {
    /// Loop threads; 0 takes as many as the machine gives processors.
    package var threads = 0
    /// Bytes of request bodies that may be coming in over all connections.
    package var bodyMemoryMax = 512 << 20
    /// Bytes of answers that clients have not read yet, over all connections.
    package var answerMemoryMax = 256 << 20
    /// Requests that are held at once while a worker finds out who sent them; beyond it 503.
    package var verifyingCountMax = VerificationService.verifyingCountMax
    /// How long everything is still served after the first signal, while `/readyz` says that the server goes down.
    package var shutdownDelay = Nanoseconds(0)
    /// How long what is under way may take to finish after the first signal.
    package var shutdownTimeout = Nanoseconds.seconds(30)
    /// The bounds of connections and requests where a listener names none of its own.
    package var limits = ServerLimits()

    /// The defaults.
    package init() {}

    /// Reads the block; nil gives the defaults.
    ///
    /// `shutdownTimeout` is what the controller says of it, for a block that does not.
    init(_ reader: SettingsReader?, shutdownTimeout: Nanoseconds? = nil) {
        self.shutdownTimeout = shutdownTimeout ?? self.shutdownTimeout
        guard var reader else { return }
        threads = reader.integer("threads", in: 0...1024) ?? threads
        bodyMemoryMax = reader.size("max_body_memory", default: bodyMemoryMax)
        answerMemoryMax = reader.size("max_answer_memory", default: answerMemoryMax)
        verifyingCountMax =
            reader.integer("max_verifying_count", in: 1...1_000_000) ?? verifyingCountMax
        shutdownDelay = reader.duration("shutdown_delay", default: shutdownDelay)
        self.shutdownTimeout = reader.duration("shutdown_timeout", default: self.shutdownTimeout)
        limits.read(&reader)
        reader.finish()
    }
}

extension ServerLimits {
    /// Reads the bounds that stand in `server:` and in a listener alike.
    mutating func read(_ reader: inout SettingsReader) {
        connectionsMax = reader.integer("max_connections", in: 1...10_000_000) ?? connectionsMax
        wire.headerBytesMax = reader.size("max_header_size", default: wire.headerBytesMax)
        wire.requestLineBytesMax = reader.size("max_uri_size", default: wire.requestLineBytesMax)
        bodyBytesMax = reader.size("max_body_size", default: bodyBytesMax)
        headTimeout = reader.duration("header_timeout", default: headTimeout)
        idleTimeout = reader.duration("idle_timeout", default: idleTimeout)
        bodyBytesPerSecondMin = reader.size("min_body_rate", default: bodyBytesPerSecondMin)
    }
}
