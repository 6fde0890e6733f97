internal import Journal
internal import Primitives

extension StoredHeld {
    /// The callback as bytes, without its request, which the ledger has.
    var content: [UInt8] {
        var out = RecordWriter()
        CallbackArrival(
            callback: arrival.callback,
            endpoint: arrival.endpoint,
            fingerprint: arrival.fingerprint,
            reusesKey: arrival.reusesKey,
            time: arrival.time,
            request: nil
        ).write(to: &out)
        if node != .single { out.node(node) }
        return out.bytes
    }

    /// Reads a held callback.
    init(
        number: UInt64,
        until: WallTime,
        listener: Int,
        content: [UInt8]
    ) throws(RecordReader.Damage) {
        var reader = RecordReader(content)
        let arrival = try CallbackArrival(&reader)
        let node = try reader.isAtEnd ? NodeID.single : reader.node()
        self.init(number: number, node: node, arrival: arrival, until: until, listener: listener)
    }
}
