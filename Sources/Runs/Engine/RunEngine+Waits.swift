internal import JSONWire
internal import Journal
package import Primitives
package import Rendezvous
package import Workflows

/// Waits of runs, in the waiter table.
extension RunEngine {
    /// Registers a step's wait under its keys before the request that will be answered leaves.
    func park(
        _ attempt: AttemptRef,
        of cell: RunActor,
        channels: [UInt32],
        keys: [[UInt8]],
        deadline: WallTime,
        _ effect: Effect
    ) {
        let waitKeys = channels.flatMap(meant).flatMap { channel in
            keys.map { WaitKey(channel: Channel(number: channel), bytes: $0) }
        }
        let wait = cell.waitID(attempt)
        let registration = table.register(
            wait,
            keys: waitKeys,
            deadline: surroundings.instant(of: deadline),
            now: surroundings.now,
            room: room(of: cell)
        )
        follow(registration, of: attempt, in: cell, keys: waitKeys, effect) {
            .waiting(wait, keys: waitKeys, deadline: deadline)
        }
    }

    /// How many bytes of a result a run may be given; nil where that is as much as any endpoint lets in.
    func room(of cell: RunActor) -> Int? {
        let room = cell.room
        return room < resultBytesMax ? room : nil
    }

    /// Gives an open wait one more key; nothing happens where it ended meanwhile.
    func addKey(
        _ key: [UInt8],
        channels: [UInt32],
        to attempt: AttemptRef,
        of cell: RunActor,
        _ effect: Effect
    ) {
        let wait = cell.waitID(attempt)
        for channel in channels.flatMap(meant) {
            let key = WaitKey(channel: Channel(number: channel), bytes: key)
            let registration = table.addKey(wait, key: key, now: surroundings.now)
            follow(registration, of: attempt, in: cell, keys: [key], effect) {
                .keyAdded(wait, key)
            }
        }
    }

    /// The channels that a wait on a channel listens on: the default one is made up of several.
    private func meant(_ channel: UInt32) -> [UInt32] {
        channel == Channel.standard.number ? defaultChannels : [channel]
    }

    /// Hands a callback to the run whose step waited for it, after its match is settled.
    ///
    /// `number` is the match's; 0 where nothing is written.
    package func resume(
        _ wait: WaitID,
        with callback: CallbackRecord,
        _ stamp: Stamp? = nil,
        number: UInt64 = 0
    ) {
        send(.callback(AttemptRef(wait), callback, stamp, number: number), to: wait.run)
    }

    /// Takes a wait back; loses against whatever ended it before, unless that cannot be settled.
    func endWait(_ attempt: AttemptRef, of cell: RunActor, how: WaitEnd, _ effect: Effect) {
        let wait = cell.waitID(attempt)
        let end: EndedHow = how == .answered ? .answered : .cancelled
        switch table.end(wait, how: end, now: surroundings.now) {
        case .ended(let number):
            table.forgetRoom(wait)
            settle(number, of: cell, effect) { .ended(wait, end, surroundings.wall) }
        case .lost:
            repeatWhereUndone(effect, of: cell)
        }
    }

    /// Carries an effect out again where what was faster is taken back: the wait is open again then.
    private func repeatWhereUndone(_ effect: Effect, of cell: RunActor) {
        cell.beginSettling()
        commit.whenSettled(table.lastNumber) { [commit] isCommitted in
            // While the journal takes records, all that it could not settle has been taken back before.
            let isFinal = isCommitted || commit.refusal == nil
            if isFinal { cell.endSettling() }
            cell.send(isFinal ? .placed : .undone(effect))
        }
    }

    /// Fails the waits whose deadline passed and tells of callbacks that nobody fetched.
    package func expire(now: Instant) {
        for expiry in table.expire(now: now) {
            switch expiry {
            case .timedOut(let wait, let number):
                let stamp = freshStamp()
                commit.append(number, .timedOut(wait, stamp)) { [self] isCommitted in
                    // Where it is not, the wait is open again, and its deadline still past.
                    guard isCommitted else { return }
                    send(
                        .settled(.waitExpired(AttemptRef(wait)), stamp, number: number),
                        to: wait.run
                    )
                }
            case .unfetched(let callback, let heldNumber, let number):
                commit.append(number, .unfetched(number: heldNumber, surroundings.wall)) {
                    [log] isCommitted in
                    guard isCommitted else { return }
                    log(
                        .warning,
                        "Held callback expired: no run waited for its key in time",
                        [
                            .init("request_id", callback.requestID.text),
                            .init("key", String(decoding: callback.key.bytes, as: UTF8.self)),
                        ]
                    )
                }
            }
        }
    }

    /// Decides again what could not be journaled, where the run still wants it.
    func carryOutAgain(_ effect: Effect, of cell: RunActor) {
        switch effect {
        case .wait(let attempt, _, _, _, _), .addKey(let attempt, _, _):
            guard cell.hasOpenWait(attempt) else { return }
        default: break
        }
        carryOut(effect, of: cell)
    }

    private func follow(
        _ registration: Registration,
        of attempt: AttemptRef,
        in cell: RunActor,
        keys: [WaitKey],
        _ effect: Effect,
        record: () -> JournalRecord
    ) {
        switch registration {
        case .waiting(let number):
            settle(number, of: cell, effect, record)
        case .matched(let callback, let number):
            let wait = cell.waitID(attempt)
            let stamp = freshStamp()
            commit.follow(number, .fetched(wait, keys: keys, callback, stamp)) {
                resume(wait, with: callback, stamp)
            } later: {
                cell.settling(
                    or: .undone(effect),
                    .callback(attempt, callback, stamp, number: number)
                )
            }
        // It is there, and will be ended.
        case .refused(.exists), .gone: break
        case .refused(let refusal):
            cell.send(.event(.waitRefused(attempt, refusal.code)))
        }
    }

    /// Has the decision that an effect made settled; the effect is carried out again where it cannot be.
    private func settle(
        _ number: UInt64,
        of cell: RunActor,
        _ effect: Effect,
        _ record: () -> JournalRecord
    ) {
        commit.follow(number, record()) {
            // It does not rest before this is settled, and no other mail may come.
            cell.settling(or: .undone(effect), .decided(number: number))
        }
    }
}

extension Refusal {
    /// The word for it in the failure of a step.
    fileprivate var code: ProblemCode {
        switch self {
        case .full: .overloaded
        case .exists: .waitExists
        case .keyInvalid: .waitKeyInvalid
        }
    }
}
