internal import Primitives

/// Looking for a key before it is decided about: in a large table a look waits for memory, and the caller has something
/// to do meanwhile, be it with the next callbacks of a bulk.
extension WaiterTable {
    /// Works out the place of a key; nil for one of a wrong length.
    package func prepare(channel: Channel, key: Span<UInt8>) -> PreparedKey? {
        KeyForm(channel: channel, key, hash: hash).map { PreparedKey(form: $0, channel: channel) }
    }

    /// Has the processor bring near where the table's index tells who waits for a key.
    ///
    /// Changes nothing; takes the lock of one shard.
    package func prefetchIndex(_ sought: PreparedKey) {
        shards.withLock(shard(of: sought.form.hash)) { shard in
            shard.keys.prefetch(hash: sought.form.spot)
        }
    }

    /// Has the processor bring near who waits for a key; worth it some time after ``prefetchIndex(_:)``.
    ///
    /// Changes nothing; takes the lock of one shard.
    package func prefetchNode(_ sought: PreparedKey) {
        shards.withLock(shard(of: sought.form.hash)) { shard in
            _ = shard.keys.first(hash: sought.form.spot) { node in
                shard.nodes.prefetch(node)
                return true
            }
        }
    }
}
