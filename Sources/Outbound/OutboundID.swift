/// Names one request on its way, so that it can be cancelled.
package struct OutboundID: Sendable, Hashable {
    /// Counts the requests of a client, from 0.
    let number: UInt64
}
