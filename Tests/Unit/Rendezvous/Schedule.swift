import Primitives
import Rendezvous

/// A source of random calls: always the same ones for a seed.
struct Schedule: Sendable {
    private var source: SplitMix64
    private let keyCount: Int
    private let contentCount: Int
    private let runLow: UInt64
    private var nextRun: UInt64 = 0
    private var nextTag: Int
    /// Waits that were begun lately, open or not.
    private var ids: [WaitID] = []

    /// Starts a schedule; callbacks have `contentCount` different contents, 255 at most.
    ///
    /// `thread` keeps the ids and tags of several schedules apart.
    init(seed: UInt64, keyCount: Int, contentCount: Int = 3, thread: Int = 0) {
        source = SplitMix64(seed: seed &+ UInt64(thread) &* 0x1234_5678_9ABC)
        self.keyCount = keyCount
        self.contentCount = contentCount
        runLow = UInt64(thread)
        nextTag = thread * 10_000_000
    }

    mutating func below(_ bound: Int) -> Int {
        Int(source.next() % UInt64(bound))
    }

    mutating func next(tick: UInt64) -> Operation {
        switch below(10) {
        case 0..<5: return arrive()
        case 5..<7: return register(tick)
        case 7: return .addKey(someWait(), below(keyCount))
        default: return .end(someWait(), below(2) == 0 ? .cancelled : .timedOut)
        }
    }

    private mutating func arrive() -> Operation {
        nextTag += 1
        return .arrive(
            Operation.Arrival(
                key: below(keyCount),
                content: UInt8(below(contentCount)),
                tag: nextTag,
                holdTicks: UInt64(1 + below(200)),
                reuseKeys: below(3) == 0,
                rejectUnmatched: below(8) == 0
            )
        )
    }

    private mutating func register(_ tick: UInt64) -> Operation {
        nextRun += 1
        let id = WaitID(
            run: UUIDv7(high: nextRun, low: runLow),
            step: UInt32(nextRun % 7),
            attempt: 1
        )
        ids.append(id)
        if ids.count > 12 { ids.removeFirst() }
        var keys: [Int] = []
        for _ in 0..<(1 + below(3)) {
            let key = below(keyCount)
            if !keys.contains(key) { keys.append(key) }
        }
        return .register(id, keys, deadline: tick + UInt64(below(300)))
    }

    private mutating func someWait() -> WaitID {
        ids.isEmpty
            ? WaitID(run: UUIDv7(high: 0, low: 0), step: 0, attempt: 0) : ids[below(ids.count)]
    }
}
