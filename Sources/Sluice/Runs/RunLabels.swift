internal import JSONWire

/// What the one who started a run wants to find at it again.
struct RunLabels: Sendable {
    /// The session it belongs to; nil for none.
    let sessionID: String?
    /// Whatever was given; null for nothing.
    let metadata: JSONValue

    /// Makes labels; nil where there is nothing to remember.
    init?(sessionID: String?, metadata: JSONValue) {
        if sessionID == nil, metadata.isNull { return nil }
        self.sessionID = sessionID
        self.metadata = metadata
    }
}
