import Primitives
import Rendezvous

/// The waiter table as anybody would write it: arrays, one thread, a copy of everything before each decision.
struct TableModel {
    struct Held {
        let fingerprint: Fingerprint
        let number: UInt64
        let until: UInt64
        let tag: Int
        let isReusable: Bool
    }

    struct Mark {
        let how: EndedHow
        let fingerprint: Fingerprint?
        let number: UInt64
        let until: UInt64
        let isReusable: Bool
    }

    struct KeyState {
        var waiters: [WaitID] = []
        var held: [Held] = []
        var marks: [Mark] = []
    }

    struct Wait {
        var keys: [Int]
        let deadline: UInt64
    }

    struct State {
        var keys: [KeyState]
        var waits: [WaitID: Wait] = [:]
    }

    var state: State
    /// The state before each uncommitted decision, oldest first.
    var history: [(number: UInt64, before: State)] = []
    var number: UInt64 = 0
    var rememberTicks: UInt64

    init(keys: Int, rememberTicks: UInt64) {
        state = State(keys: Array(repeating: KeyState(), count: keys))
        self.rememberTicks = rememberTicks
    }

    mutating func apply(_ operation: Operation, tick: UInt64) -> Outcome {
        switch operation {
        case .arrive(let arrival): arrive(arrival, tick)
        case .register(let id, let keys, let deadline):
            register(id, keys, deadline, tick)
        case .addKey(let id, let key): addKey(id, key, tick)
        case .end(let id, let how):
            state.waits[id] == nil ? .lost : close(id, Mark.ending(how), tick)
        }
    }

    private mutating func arrive(_ arrival: Operation.Arrival, _ tick: UInt64) -> Outcome {
        let key = state.keys[arrival.key]
        let fingerprint = arrival.fingerprint
        if let held = key.held.first(where: { $0.fingerprint == fingerprint }) {
            return .arrival(.duplicate(of: .held, number: held.number))
        }
        if let mark = key.marks.first(where: { $0.fingerprint == fingerprint }) {
            return .arrival(.duplicate(of: .delivered, number: mark.number))
        }
        if let id = key.waiters.first {
            let ending = Ending(how: .answered, fingerprint: fingerprint, arrival.reuseKeys)
            _ = close(id, ending, tick)
            return .arrival(.delivered(id, number: number))
        }
        if !arrival.reuseKeys, let mark = key.marks.last(where: { !$0.isReusable }) {
            return .arrival(.conflict(mark.how, number: mark.number))
        }
        if arrival.rejectUnmatched { return .arrival(.rejected) }
        decide()
        state.keys[arrival.key].held.append(
            Held(
                fingerprint: fingerprint,
                number: number,
                until: tick + arrival.holdTicks,
                tag: arrival.tag,
                isReusable: arrival.reuseKeys
            )
        )
        return .arrival(.held(number: number))
    }

    private mutating func register(
        _ id: WaitID,
        _ keys: [Int],
        _ deadline: UInt64,
        _ tick: UInt64
    ) -> Outcome {
        decide()
        state.waits[id] = Wait(keys: keys, deadline: deadline)
        for key in keys {
            state.keys[key].marks.removeAll { $0.isReusable }
            state.keys[key].waiters.append(id)
        }
        for key in keys where !state.keys[key].held.isEmpty {
            return fetch(id, key, tick)
        }
        return .waiting(number)
    }

    private mutating func addKey(_ id: WaitID, _ key: Int, _ tick: UInt64) -> Outcome {
        guard let wait = state.waits[id] else { return .gone }
        decide()
        if !wait.keys.contains(key) {
            state.keys[key].marks.removeAll { $0.isReusable }
            state.waits[id]?.keys.append(key)
            state.keys[key].waiters.append(id)
        }
        return state.keys[key].held.isEmpty ? .waiting(number) : fetch(id, key, tick)
    }

    private mutating func fetch(_ id: WaitID, _ key: Int, _ tick: UInt64) -> Outcome {
        let held = state.keys[key].held.removeFirst()
        mark(id, Ending(how: .answered, fingerprint: held.fingerprint, held.isReusable), tick)
        return .matched(held.tag, number)
    }

    struct Ending {
        let how: EndedHow
        let fingerprint: Fingerprint?
        let isReusable: Bool

        init(how: EndedHow, fingerprint: Fingerprint?, _ isReusable: Bool) {
            self.how = how
            self.fingerprint = fingerprint
            self.isReusable = isReusable
        }
    }

    mutating func close(_ id: WaitID, _ ending: Ending, _ tick: UInt64) -> Outcome {
        decide()
        mark(id, ending, tick)
        return .ended(number)
    }

    private mutating func mark(_ id: WaitID, _ ending: Ending, _ tick: UInt64) {
        for key in state.waits[id]?.keys ?? [] {
            state.keys[key].waiters.removeAll { $0 == id }
            state.keys[key].marks.append(
                Mark(
                    how: ending.how,
                    fingerprint: ending.fingerprint,
                    number: number,
                    until: tick + rememberTicks,
                    isReusable: ending.isReusable
                )
            )
        }
        state.waits[id] = nil
    }

    /// Gives up a held callback by its tag; false when there is none.
    mutating func giveUp(_ tag: Int, by tick: UInt64) -> Bool {
        for key in state.keys.indices {
            guard let place = state.keys[key].held.firstIndex(where: { $0.tag == tag }),
                state.keys[key].held[place].until <= tick
            else { continue }
            decide()
            state.keys[key].held.remove(at: place)
            return true
        }
        return false
    }

    /// Forgets committed marks past their time, in what was before the uncommitted decisions as well.
    mutating func forget(by tick: UInt64, committed: UInt64) {
        for key in state.keys.indices {
            let past = state.keys[key].marks.filter { $0.until <= tick && $0.number <= committed }
            for mark in past {
                state.keys[key].marks.removeAll { $0.number == mark.number }
                for place in history.indices {
                    history[place].before.keys[key].marks.removeAll { $0.number == mark.number }
                }
            }
        }
    }

    mutating func commit(through number: UInt64) {
        history.removeAll { $0.number <= number }
    }

    /// Takes back what is uncommitted from `first` on; gives the numbers, newest first.
    mutating func fail(from first: UInt64) -> [UInt64] {
        let undone = history.filter { $0.number >= first }
        if let oldest = undone.first { state = oldest.before }
        history.removeAll { $0.number >= first }
        return undone.map(\.number).reversed()
    }

    private mutating func decide() {
        number += 1
        history.append((number, state))
    }
}

extension TableModel.Mark {
    static func ending(_ how: EndedHow) -> TableModel.Ending {
        TableModel.Ending(how: how, fingerprint: nil, false)
    }
}
