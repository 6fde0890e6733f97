internal import Primitives

/// What few nodes have beside them: a held callback's record, the group of a wait with several keys.
extension Shard {
    /// Where in its slab lies what a node has beside it; nil where it has nothing.
    func side(of node: UInt32) -> UInt32? {
        sides.first(hash: Self.sideSpot(of: node)) { _ in true }
    }

    /// Notes where what a node has beside it lies; it has nothing yet.
    mutating func setSide(of node: UInt32, _ place: UInt32) {
        sides.insert(hash: Self.sideSpot(of: node), value: place)
    }

    /// Forgets what a node has beside it, and says where that lies; nil where it has nothing.
    mutating func takeSide(of node: UInt32) -> UInt32? {
        guard let place = side(of: node) else { return nil }
        sides.remove(hash: Self.sideSpot(of: node), value: place)
        return place
    }

    /// Takes the record of a held callback's node out; nil where it has none.
    mutating func takeHeld(_ node: UInt32) -> HeldItem? {
        takeSide(of: node).flatMap { held.remove($0) }
    }

    /// Multiplied by an odd number: no two nodes have the same hash.
    private static func sideSpot(of node: UInt32) -> UInt32 { node &* 0x9E37_79B1 }
}
