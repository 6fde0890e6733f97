package import JSONWire
internal import Journal

/// What the one who started a run wants to find at it again.
package struct RunLabels: Sendable {
    /// The session it belongs to; nil for none.
    package let sessionID: String?
    /// Whatever was given; null for nothing.
    package let metadata: JSONValue
    /// Where its result is to be sent; nil for nowhere.
    package let callback: ResultCallback?

    /// Makes labels; nil where there is nothing to remember.
    package init?(sessionID: String?, metadata: JSONValue, callback: ResultCallback? = nil) {
        if sessionID == nil, metadata.isNull, callback == nil { return nil }
        self.sessionID = sessionID
        self.metadata = metadata
        self.callback = callback
    }

    /// The labels as the journal keeps them: JSON text.
    package var bytes: [UInt8] {
        JSONValue.object([
            "session_id": sessionID.map(JSONValue.string) ?? .null, "metadata": metadata,
            "callback": callback?.value ?? .null,
        ]).jsonBytes
    }

    /// Reads labels from the journal; nil where there are none.
    package init?(bytes: [UInt8]) {
        guard !bytes.isEmpty else { return nil }
        let value = JSONValue.journaled(bytes)
        self.init(
            sessionID: value["session_id"]?.string,
            metadata: value["metadata"] ?? .null,
            callback: value["callback"].flatMap(ResultCallback.init(value:))
        )
    }
}
