internal import Primitives
internal import Workflows

/// The bound of runs that work at the same time (`controller.max_concurrent_count`); the others stand in one line.
///
/// A run and the runs it starts share one place, and hold it while one of them does something. While all of them wait
/// for callbacks, answers of people or each other, they hold none; a run that goes on then stands in line again.
/// May be used on any thread.
final class RunLimiter: Sendable {
    /// One run as far as places are concerned.
    private struct Member {
        let tree: UUIDv7
        var isBusy = false
        var isInLine = false
        var kept: [RunActor.Message] = []
    }

    /// A run with all it started.
    private struct Tree {
        var hasPlace = false
        var busyCount = 0
        /// Runs of the tree that are not over; the first may end before those it started have rested.
        var memberCount = 0
    }

    /// What the lock guards.
    private struct State {
        var members: [UUIDv7: Member] = [:]
        var trees: [UUIDv7: Tree] = [:]
        var line = RingQueue<UUIDv7>()
        var freeCount: Int
    }

    private let state: SleepingLock<State>

    /// Makes a bound; nil where there is none.
    init?(max: Int) {
        guard max > 0 else { return nil }
        state = SleepingLock(State(freeCount: max))
    }

    /// Notes a new run; one that another run started is busy from now on, in that one's place.
    ///
    /// After a restart a run may come back before the one that started it: they share their place all the same. One that is
    /// taken up again before it has rested is known already.
    func add(_ run: UUIDv7, startedBy parent: UUIDv7?) {
        state.withLock { state in
            guard state.members[run] == nil else { return }
            let tree = parent.map { state.members[$0]?.tree ?? $0 } ?? run
            state.members[run] = Member(tree: tree)
            state.trees[tree, default: Tree()].memberCount += 1
            if state.trees[tree]?.hasPlace == true { Self.makeBusy(run, &state) }
        }
    }

    /// What of its mail a run may handle now; the rest is kept until it has a place, which ``RunActor/Message/placed`` tells.
    ///
    /// What people ask needs none: it is stored, and they are told, before the run has it.
    func admit(_ mail: [RunActor.Message], of run: UUIDv7) -> [RunActor.Message] {
        state.withLock { state in
            guard let member = state.members[run] else { return mail }
            if state.trees[member.tree]?.hasPlace != true, state.freeCount > 0, state.line.isEmpty {
                Self.seat(member.tree, &state)
            }
            if state.trees[member.tree]?.hasPlace == true {
                Self.makeBusy(run, &state)
                defer { state.members[run]?.kept = [] }
                return member.kept + mail
            }
            state.members[run]?.kept += mail.filter { !$0.needsNoPlace }
            if !member.isInLine {
                state.members[run]?.isInLine = true
                state.line.append(run)
            }
            return mail.filter(\.needsNoPlace)
        }
    }

    /// Keeps a run busy whose child is about to end, so that they do not lose their place in between.
    func hold(_ run: UUIDv7) {
        state.withLock { state in
            guard let tree = state.members[run]?.tree, state.trees[tree]?.hasPlace == true else {
                return
            }
            Self.makeBusy(run, &state)
        }
    }

    /// Notes that a run has handled its mail and now does nothing by itself, or is over.
    ///
    /// - Returns: The runs that have a place now.
    func rest(_ run: UUIDv7, isOver: Bool) -> [UUIDv7] {
        state.withLock { state in
            guard let member = state.members[run] else { return [] }
            // One that was over when it came back from the store has yet to hear of it, in its turn.
            let isOver = isOver && member.kept.isEmpty
            state.members[run]?.isBusy = false
            if isOver { state.members[run] = nil }
            if member.isBusy { state.trees[member.tree]?.busyCount -= 1 }
            if let tree = state.trees[member.tree], tree.hasPlace, tree.busyCount == 0 {
                state.trees[member.tree]?.hasPlace = false
                state.freeCount += 1
            }
            if isOver {
                state.trees[member.tree]?.memberCount -= 1
                if state.trees[member.tree]?.memberCount == 0 { state.trees[member.tree] = nil }
            }
            return Self.seatNext(&state)
        }
    }

    private static func seatNext(_ state: inout State) -> [UUIDv7] {
        var seated: [UUIDv7] = []
        while state.freeCount > 0, let next = state.line.popFirst() {
            guard let member = state.members[next] else { continue }
            state.members[next]?.isInLine = false
            if state.trees[member.tree]?.hasPlace != true { seat(member.tree, &state) }
            makeBusy(next, &state)
            seated.append(next)
        }
        return seated
    }

    private static func seat(_ tree: UUIDv7, _ state: inout State) {
        state.trees[tree, default: Tree()].hasPlace = true
        state.freeCount -= 1
    }

    private static func makeBusy(_ run: UUIDv7, _ state: inout State) {
        guard let member = state.members[run], !member.isBusy else { return }
        state.members[run]?.isBusy = true
        state.trees[member.tree]?.busyCount += 1
    }
}

extension RunActor.Message {
    /// Whether a run that has no place handles it: what people ask, and what asks the run to end.
    fileprivate var needsNoPlace: Bool {
        switch self {
        case .event(.cancel), .asked, .told: true
        default: false
        }
    }
}
