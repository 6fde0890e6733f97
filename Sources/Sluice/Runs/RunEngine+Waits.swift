internal import JSONWire
internal import Primitives
internal import Rendezvous
internal import Workflows

extension RunEngine {
    /// Registers a step's wait under its keys before the request that will be answered leaves.
    func park(
        _ attempt: AttemptRef,
        of cell: RunCell,
        channels: [UInt32],
        keys: [[UInt8]],
        deadline: WallTime
    ) {
        let waitKeys = channels.flatMap(meant).flatMap { channel in
            keys.map { WaitKey(channel: Channel(number: channel), bytes: $0) }
        }
        let registration = table.register(
            cell.waitID(attempt),
            keys: waitKeys,
            deadline: .now().advanced(until: deadline),
            now: .now()
        )
        follow(registration, of: attempt, in: cell)
    }

    /// Gives an open wait one more key; nothing happens where it ended meanwhile.
    func addKey(_ key: [UInt8], channels: [UInt32], to attempt: AttemptRef, of cell: RunCell) {
        for channel in channels.flatMap(meant) {
            let registration = table.addKey(
                cell.waitID(attempt),
                key: WaitKey(channel: Channel(number: channel), bytes: key),
                now: .now()
            )
            follow(registration, of: attempt, in: cell)
        }
    }

    /// The channels that a wait on a channel listens on: the default one is made up of several.
    private func meant(_ channel: UInt32) -> [UInt32] {
        channel == Channel.standard.number ? defaultChannels : [channel]
    }

    /// Hands a callback to the run whose step waited for it, after its match is settled.
    func resume(_ wait: WaitID, with callback: CallbackRecord) {
        registry.find(wait.run)?.send(
            .callback(AttemptRef(step: Int(wait.step), attempt: Int(wait.attempt)), callback)
        )
    }

    /// Takes a wait back; loses silently against a match that is being settled.
    func endWait(_ attempt: AttemptRef, of cell: RunCell, how: WaitEnd) {
        let ended = table.end(
            cell.waitID(attempt),
            how: how == .answered ? .answered : .cancelled,
            now: .now()
        )
        if case .ended(let number) = ended { settlement.settle(number, .ended) }
    }

    /// Fails the waits whose deadline passed and tells of callbacks that nobody fetched.
    func expire(now: Instant) {
        for expiry in table.expire(now: now) {
            switch expiry {
            case .timedOut(let wait, let number):
                settlement.settle(number, .ended) { [self] in
                    let attempt = AttemptRef(step: Int(wait.step), attempt: Int(wait.attempt))
                    post(.waitExpired(attempt), to: wait.run)
                }
            case .unfetched(let callback, let number):
                settlement.settle(number, .ended) { [log] in
                    log(
                        .warning,
                        "Callback held in vain: nobody waited for its key in time",
                        [
                            .init("request_id", callback.requestID.text),
                            .init("key", String(decoding: callback.key.bytes, as: UTF8.self)),
                        ]
                    )
                }
            }
        }
    }

    private func follow(_ registration: Registration, of attempt: AttemptRef, in cell: RunCell) {
        switch registration {
        case .waiting(let number):
            settlement.settle(number, .waiting(run: cell.id))
        case .matched(let callback, let number):
            let wait = cell.waitID(attempt)
            settlement.settle(number, .delivered(requestID: callback.requestID, run: cell.id)) {
                [self] in resume(wait, with: callback)
            }
        case .refused:
            cell.send(.event(.waitRefused(attempt, .overloaded)))
        case .gone:
            break
        }
    }
}

extension CallbackRecord {
    /// What the callback means for the step that waited; its JSON is parsed here.
    var outcome: CallbackOutcome {
        let bytes = resultBytes
        let result: JSONValue
        do throws(JSONError) {
            result = try JSONValue.parse(bytes)
        } catch {
            // Every result was validated or written by us before it was taken; text is the honest fallback.
            result = .string(String(decoding: bytes, as: UTF8.self))
        }
        return CallbackOutcome(
            key: String(decoding: key.bytes, as: UTF8.self),
            isFailure: hasFailed,
            status: statusText,
            result: result
        )
    }
}
