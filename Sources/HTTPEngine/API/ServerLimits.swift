package import HTTPWire
package import Primitives

/// The bounds of one site's connections and requests, with their defaults.
package struct ServerLimits: Sendable, Hashable {
    /// Connections at once over all loops; beyond it 503 with Retry-After, and closed.
    package var connectionsMax = 10_000
    /// The bounds of each head: 414 and 431.
    package var wire = WireLimits()
    /// Body bytes where the route names no bound of its own: 413.
    package var bodyBytesMax = 1 << 20
    /// Connections at once over all loops whose handshake is under way; further ones are closed without a handshake.
    package var handshakesMax = 2_000
    /// How long a handshake may take: closed.
    package var handshakeTimeout = Nanoseconds.seconds(10)
    /// From the first to the last byte of a head: 408.
    package var headTimeout = Nanoseconds.seconds(10)
    /// How long a connection may stay without a request: closed.
    package var idleTimeout = Nanoseconds.seconds(75)
    /// Body bytes a second that a sender must reach in every stretch as long as ``bodyGrace``: 408.
    package var bodyBytesPerSecondMin = 1024
    /// The stretch that the rate of a body is judged in: so long may it be silent.
    package var bodyGrace = Nanoseconds.seconds(5)
    /// Requests of one connection that are not answered yet; then reading pauses.
    package var pipelinedMax = 128
    /// Bytes that are still read, and thrown away, after a closing answer.
    package var lingerBytesMax = 64 << 10
    /// How long a connection lingers after a closing answer.
    package var lingerTime = Nanoseconds.seconds(1)
    /// How long a body waits for memory before it is refused: 503.
    package var bodyMemoryWait = Nanoseconds.seconds(30)
    /// Bytes of answers that a connection's client has not read; then reading pauses, and a stream is cut off.
    package var unsentBytesMax = 1 << 20
    /// How long a reader may take nothing of a waiting answer: closed.
    package var sendTimeout = Nanoseconds.seconds(75)

    /// The defaults.
    package init() {}
}

/// How many requests of a site are processed at once, and how the others wait (contract 6).
package struct AdmissionSettings: Sendable, Hashable {
    /// Requests processed at once over all loops, from the last body byte to the answer; 0 is unbounded.
    package var maxConcurrentCount: Int
    /// Complete requests that wait for a place; beyond it 503 with Retry-After.
    package var maxQueuedCount: Int
    /// How long a request waits for a place; then 503 with Retry-After.
    package var queueTimeout: Nanoseconds

    /// Makes the settings; without arguments nothing is bounded.
    package init(
        maxConcurrentCount: Int = 0,
        maxQueuedCount: Int = 1024,
        queueTimeout: Nanoseconds = .seconds(5)
    ) {
        self.maxConcurrentCount = maxConcurrentCount
        self.maxQueuedCount = maxQueuedCount
        self.queueTimeout = queueTimeout
    }
}
