internal import Primitives
internal import Synchronization

/// Waits of runs that hold so much already that not every result fits beside it.
///
/// Few have one: all others take whatever an endpoint lets in, and are told by one bit of their node.
extension WaiterTable {
    /// Says how many bytes of a result an open wait takes.
    ///
    /// - Parameters:
    ///   - room: The bytes.
    ///   - id: The wait; nothing happens where it is not open.
    package func limit(to room: Int, _ id: WaitID) {
        keepRoom(room, id)
        let isOpen = withOpenWait(id) { locked, members in
            for member in members {
                locked.with(member.shard) { $0.nodes[member.node].isBounded = true }
            }
            return true
        }
        if isOpen == nil { forgetRoom(id) }
    }

    /// How many waits there are that do not take everything.
    package var limitedCount: Int { roomCount.load(ordering: .relaxed) }

    /// Forgets how much a wait takes that has ended for good.
    package func forgetRoom(_ id: WaitID) {
        guard roomCount.load(ordering: .relaxed) > 0 else { return }
        rooms.withLock { rooms in
            rooms[id] = nil
            roomCount.store(rooms.count, ordering: .relaxed)
        }
    }

    func keepRoom(_ room: Int, _ id: WaitID) {
        rooms.withLock { rooms in
            rooms[id] = room
            roomCount.store(rooms.count, ordering: .relaxed)
        }
    }

    /// Whether a wait is among those that do not take everything.
    func hasRoom(_ id: WaitID) -> Bool {
        guard roomCount.load(ordering: .relaxed) > 0 else { return false }
        return rooms.withLock { $0[id] != nil }
    }

    /// Whether a result fits; one whose wait's room is not known any more does.
    func fits(_ size: Int, _ id: WaitID) -> Bool {
        rooms.withLock { $0[id] }.map { size <= $0 } ?? true
    }
}
