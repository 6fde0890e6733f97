import Primitives
import Rendezvous

/// One call of the waiter table, with keys by their place in ``Keys``.
enum Operation: Sendable {
    struct Arrival: Sendable {
        let key: Int
        let content: UInt8
        let tag: Int
        let holdTicks: UInt64
        let reuseKeys: Bool
        let rejectUnmatched: Bool

        var fingerprint: Fingerprint {
            let key = Keys.all[key]
            return FoldHash(key: (1, 2)).hash(key.channel.number, key.bytes.span, [content].span)
        }
    }

    case arrive(Arrival)
    case register(WaitID, [Int], deadline: UInt64)
    case addKey(WaitID, Int)
    case end(WaitID, EndedHow)
}

/// What a call gave, the same for table and model.
enum Outcome: Hashable, Sendable {
    case arrival(Arrival)
    case waiting(UInt64)
    case matched(Int, UInt64)
    case refused(Refusal)
    case gone
    case ended(UInt64)
    case lost

    /// The journal number of a new decision; nil where there was none.
    var number: UInt64? {
        switch self {
        case .arrival(.delivered(_, let number)), .arrival(.held(let number)),
            .waiting(let number), .matched(_, let number), .ended(let number):
            number
        default: nil
        }
    }
}

/// A small number of keys of every form that is stored in its own way.
enum Keys {
    static let all: [WaitKey] = [
        key("a"), key("0123456789abcdef"), key("exactly-twenty-bytes"),
        key("twenty-one-bytes-long"), key("018f3c5e-7c1a-7abc-8def-0123456789ab"),
        key("018f3c5e-7c1a-7abc-8def-0123456789ab", channel: 7),
        key("018F3C5E-7C1A-7ABC-8DEF-0123456789AB"), key("a", channel: 7),
        key("sixteen-and-more-", channel: 7), key(String(repeating: "x", count: 1024)),
        key(String(repeating: "x", count: 1023) + "y"), key("__callback__"),
    ]

    static func key(_ text: String, channel: UInt32 = 0) -> WaitKey {
        WaitKey(channel: Channel(number: channel), bytes: [UInt8](text.utf8))
    }
}

extension WaiterTable {
    /// Carries a call out at a tick of the table's clock, which starts at zero.
    func perform(_ operation: Operation, tick: UInt64) -> Outcome {
        let now = Instant(nanoseconds: tick * 1_000_000)
        switch operation {
        case .arrive(let arrival): return .arrival(arrive(arrival, now: now))
        case .register(let id, let keys, let deadline):
            return Outcome(
                register(
                    id,
                    keys: keys.map { Keys.all[$0] },
                    deadline: Instant(nanoseconds: deadline * 1_000_000),
                    now: now
                )
            )
        case .addKey(let id, let key): return Outcome(addKey(id, key: Keys.all[key], now: now))
        case .end(let id, let how):
            switch end(id, how: how, now: now) {
            case .ended(let number): return .ended(number)
            case .lost: return .lost
            }
        }
    }

    private func arrive(_ arrival: Operation.Arrival, now: Instant) -> Arrival {
        let key = Keys.all[arrival.key]
        let options = ArriveOptions(
            reuseKeys: arrival.reuseKeys,
            rejectUnmatched: arrival.rejectUnmatched,
            holdFor: .milliseconds(Int64(arrival.holdTicks))
        )
        guard let sought = prepare(channel: key.channel, key: key.bytes.span) else {
            return .rejected
        }
        return arrive(
            sought,
            key: key.bytes.span,
            fingerprint: arrival.fingerprint,
            options: options,
            now: now
        ) {
            CallbackRecord(
                key: key,
                status: nil,
                result: [UInt8](String(arrival.tag).utf8),
                hasFailed: false,
                requestID: UUIDv7(high: 0, low: 0)
            )
        }
    }
}

extension CallbackRecord {
    /// The number that a test put in as the result.
    var tag: Int { Int(String(decoding: resultBytes, as: UTF8.self)) ?? -1 }
}

extension Outcome {
    init(_ registration: Registration) {
        switch registration {
        case .waiting(let number): self = .waiting(number)
        case .matched(let record, let number): self = .matched(record.tag, number)
        case .refused(let refusal): self = .refused(refusal)
        case .gone: self = .gone
        }
    }
}
