package import SegmentLog
internal import TestKit

/// A directory in memory that keeps over a power cut only what was synced, and some of the rest.
///
/// Every call counts; at a chosen one the power goes, or the call fails.
package final class MemoryDisk: LogFileSystem, Sendable {
    /// One file: what reads show, and what the medium has.
    struct Node: Sendable {
        var current: [UInt8] = []
        var durable: [UInt8] = []
        var dirty: [Range<Int>] = []
    }

    /// A change to the directory that is not on the medium yet.
    enum NameChange: Sendable {
        case set(String, Int)
        case remove(String)
    }

    /// Something that goes wrong at one call.
    struct Fault: Sendable {
        var call: Int
        /// How many calls fail from there on.
        var count = 1
        var code: Int32
        /// Where it is set, the next call of this operation on this file fails, whatever its
        /// number.
        var target: (FileFailure.Operation, String)?
    }

    /// All there is; guarded by the monitor.
    struct State: Sendable {
        var nodes: [Int: Node] = [:]
        var names: [String: Int] = [:]
        var durableNames: [String: Int] = [:]
        var changes: [NameChange] = []
        var nodeNext = 0
        var calls = 0
        var cutAt = Int.max
        var isOff = false
        var fault: Fault?
        var faultHit: FileFailure.Operation?
        var ignoresSync = false
        var holder: WeakToken?
        var random = SplitMix(seed: 1)
    }

    /// Who has the lock.
    struct WeakToken: Sendable {
        weak let token: Token?
    }

    /// The lock while it is held.
    final class Token: Sendable {}

    let state = Watched(State())

    package init(seed: UInt64 = 1) {
        state.withLock { $0.random = SplitMix(seed: seed) }
    }

    /// Makes every sync a lie: what was not written back by itself is lost with the power.
    package func ignoreSyncs(_ isIgnoring: Bool = true) {
        state.withLock { $0.ignoresSync = isIgnoring }
    }

    /// Lets every call fail until it is said otherwise.
    package func setOff(_ isOff: Bool) {
        state.withLock { $0.isOff = isOff }
    }

    /// How many calls there were.
    package var calls: Int { state.withLock { $0.calls } }
    /// Whether the power is off.
    package var isOff: Bool { state.withLock { $0.isOff } }

    /// Counts a call, and throws when the power is off or the call is to fail.
    static func enter(
        _ state: inout State,
        _ operation: FileFailure.Operation,
        _ name: String
    ) throws(FileFailure) {
        if state.isOff { throw FileFailure(operation, path: name, code: 5) }
        state.calls += 1
        if state.calls >= state.cutAt {
            state.isOff = true
            throw FileFailure(operation, path: name, code: 5)
        }
        guard let fault = state.fault else { return }
        let isHit =
            fault.target.map { $0 == (operation, name) }
            ?? (fault.call..<fault.call + fault.count).contains(state.calls)
        if isHit {
            state.faultHit = operation
            if fault.target != nil || state.calls + 1 >= fault.call + fault.count {
                state.fault = nil
            }
            throw FileFailure(operation, path: name, code: fault.code)
        }
    }

    package func list() throws(FileFailure) -> [String] {
        try state.withLock { (state) throws(FileFailure) in
            try Self.enter(&state, .list, "")
            return Array(state.names.keys)
        }
    }

    package func open(
        _ name: String,
        creating: Bool,
        direct: Bool
    ) throws(FileFailure) -> any LogFile {
        try state.withLock { (state) throws(FileFailure) -> MemoryFile in
            try Self.enter(&state, creating ? .create : .open, name)
            if !creating {
                guard let node = state.names[name] else {
                    throw FileFailure(.open, path: name, code: 2)
                }
                return MemoryFile(disk: self, node: node, name: name)
            }
            state.nodeNext += 1
            state.nodes[state.nodeNext] = Node()
            state.names[name] = state.nodeNext
            state.changes.append(.set(name, state.nodeNext))
            return MemoryFile(disk: self, node: state.nodeNext, name: name)
        }
    }

    package func rename(_ name: String, to newName: String) throws(FileFailure) {
        try state.withLock { (state) throws(FileFailure) in
            try Self.enter(&state, .rename, name)
            guard let node = state.names.removeValue(forKey: name) else {
                throw FileFailure(.rename, path: name, code: 2)
            }
            state.names[newName] = node
            state.changes.append(.remove(name))
            state.changes.append(.set(newName, node))
        }
    }

    package func remove(_ name: String) throws(FileFailure) {
        try state.withLock { (state) throws(FileFailure) in
            try Self.enter(&state, .remove, name)
            guard state.names.removeValue(forKey: name) != nil else {
                throw FileFailure(.remove, path: name, code: 2)
            }
            state.changes.append(.remove(name))
        }
    }

    package func syncDirectory() throws(FileFailure) {
        try state.withLock { (state) throws(FileFailure) in
            try Self.enter(&state, .syncDirectory, "")
            state.durableNames = state.names
            state.changes = []
        }
    }

    package func lock(_ name: String) throws(FileFailure) -> LogLock {
        try state.withLock { (state) throws(FileFailure) in
            try Self.enter(&state, .lock, name)
            if state.holder?.token != nil { return .taken(by: 4711) }
            let token = Token()
            state.holder = WeakToken(token: token)
            return .held(token)
        }
    }
}
