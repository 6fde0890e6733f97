package import Primitives

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
