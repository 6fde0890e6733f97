internal import Primitives

/// The answers that clients have not read yet, over all connections, and their bound.
///
/// Connections whose clients keep up are not known here. Beyond the bound, those that have unread answers are not read on,
/// and the one whose client has taken nothing for the longest time is closed.
///
/// On any thread; decides under its lock, acts after it.
final class AnswerMemory: Sendable {
    /// One connection with unread answers.
    typealias ID = UInt64

    /// What is known of one.
    private struct Entry: Sendable {
        let door: ConnectionHandle
        var bytes: Int
        /// When its client last took something.
        var since: Instant
        var isGivenUp = false
    }

    /// Who has how much.
    private struct State: Sendable {
        var entries: [ID: Entry] = [:]
        var nextID: ID = 0
        /// Bytes of those that are not given up.
        var bytes = 0
    }

    /// How many bytes there may be.
    let bytesMax: Int
    private let state = Lock(State())

    /// Bounds the answers.
    init(bytesMax: Int) {
        self.bytesMax = max(0, bytesMax)
    }

    /// Bytes of unread answers.
    var takenBytes: Int { state.withLock { $0.entries.values.reduce(0) { $0 + $1.bytes } } }

    /// Tells how much a connection has.
    ///
    /// - Parameters:
    ///   - bytes: Its unread answers, in bytes.
    ///   - id: Its number, where it has one; set to a new one where not.
    ///   - hasProgressed: Whether its client has taken some since it was last told.
    ///   - now: The time.
    ///   - door: The way to it.
    /// - Returns: Whether there are as many as may be, so that it is not to be read on.
    func set(
        _ bytes: Int,
        for id: inout ID?,
        hasProgressed: Bool,
        now: Instant,
        door: @autoclosure () -> ConnectionHandle
    ) -> Bool {
        let newDoor = id == nil ? door() : nil
        let (number, isTight, slow) = state.withLock { state -> (ID?, Bool, [ConnectionHandle]) in
            if let newDoor {
                state.entries[state.nextID] = Entry(door: newDoor, bytes: 0, since: now)
                id = state.nextID
                state.nextID += 1
            }
            guard let id, var entry = state.entries[id] else { return (nil, false, []) }
            if !entry.isGivenUp { state.bytes += bytes - entry.bytes }
            entry.bytes = bytes
            if hasProgressed { entry.since = now }
            state.entries[id] = entry
            guard state.bytes > bytesMax else { return (id, false, []) }
            return (id, true, Self.slowest(&state, bytesMax))
        }
        id = number
        for door in slow { door.cutOff() }
        return isTight
    }

    /// Forgets a connection, which has none any more.
    func leave(_ id: ID) {
        state.withLock { state in
            guard let entry = state.entries.removeValue(forKey: id), !entry.isGivenUp else {
                return
            }
            state.bytes -= entry.bytes
        }
    }

    /// Gives up the slowest until the others keep to the bound; one alone is never given up.
    private static func slowest(_ state: inout State, _ bytesMax: Int) -> [ConnectionHandle] {
        var doors: [ConnectionHandle] = []
        while state.bytes > bytesMax {
            let open = state.entries.filter { !$0.value.isGivenUp }
            let slowest = open.min {
                ($0.value.since, $1.value.bytes) < ($1.value.since, $0.value.bytes)
            }
            guard open.count > 1, let slowest else { break }
            state.bytes -= slowest.value.bytes
            state.entries[slowest.key]?.isGivenUp = true
            doors.append(slowest.value.door)
        }
        return doors
    }
}
