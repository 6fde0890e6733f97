internal import HTTPWire
internal import Primitives

/// A request's number on its connection, with what its answer must know of it.
struct ResponseToken: Sendable, Hashable {
    /// The request's number on its connection, from 0; answers leave in this order.
    let sequence: UInt64
    /// What the answer must know of the request.
    let line: ResponseContext

    /// The request's id.
    var requestID: UUIDv7 { line.requestID }
}
