/// How a request that carries a claim's key stands.
package enum ClaimStanding: Sendable {
    /// It is the first: it is under way now, and whoever took it must end it.
    case first(ClaimFlight)
    /// The same request was taken before, and was answered so.
    case repeated([UInt8])
    /// The same request is under way.
    case underWay(ClaimFlight)
    /// Another request has used its key.
    case reused
}
