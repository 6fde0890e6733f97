/// Which node of a cluster decided something: numbers of records are its own, so that a record is known by both.
///
/// There is one node until there are clusters, and its id is not written: where bytes say nothing of a node, it is that one.
package struct NodeID: Hashable, Sendable {
    /// The number of the node.
    package let rawValue: UInt16

    /// The one node of a server without a cluster.
    package static let single = NodeID(rawValue: 0)

    /// Takes the number of a node.
    package init(rawValue: UInt16) {
        self.rawValue = rawValue
    }
}

extension RecordWriter {
    /// Writes which node decided something; the single one is not to be written.
    package mutating func node(_ node: NodeID) {
        number(UInt64(node.rawValue))
    }

    /// Begins a record: with its kind and, where it is not the single one, the node that decided it.
    package mutating func begin(_ tag: JournalRecord.Tag, decidedBy node: NodeID = .single) {
        guard node != .single else { return byte(tag.rawValue) }
        byte(tag.rawValue | JournalRecord.Tag.nodeBit)
        self.node(node)
    }
}

extension RecordReader {
    /// Which node decided something.
    ///
    /// - Throws: For any node: none that has a number can be read until there are clusters.
    package mutating func node() throws(Damage) -> NodeID {
        let number = try number()
        guard let raw = UInt16(exactly: number), raw != NodeID.single.rawValue else {
            throw Damage(reason: "the node that decided it is damaged")
        }
        throw Damage(
            reason:
                "it was decided by node \(raw) of a cluster, and this version knows no other nodes than its own"
        )
    }

    /// The kind of the record that begins here; nil for a kind that this version does not know.
    ///
    /// - Throws: Where another node has decided it.
    package mutating func recordTag() throws(Damage) -> JournalRecord.Tag? {
        let word = try byte()
        if word & JournalRecord.Tag.nodeBit != 0 { _ = try node() }
        return JournalRecord.Tag(rawValue: word)
    }
}
