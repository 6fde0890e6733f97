import HTTPWire
import JSONWire
import Journal
import LogKit
import Primitives
import Rendezvous
import Store
import TestKit
import Workflows

@testable import Listeners
@testable import Runs

/// One machine, one server after the other on it, each ended by a power cut at a random call of the log or the store, and
/// senders who keep their own books.
final class PowerTrial {
    /// What the senders were told.
    struct Told: Sendable {
        var letters: Set<Int> = []
        var runs: Set<UUIDv7> = []
        /// The requests of this life.
        var requests: Set<UUIDv7> = []
        /// Callbacks, by their requests, and runs that were refused for good.
        var refused: Set<UUIDv7> = []
        /// How many outcomes nobody knew.
        var unknownCount = 0
    }

    let disk: MemoryDisk
    let storeDisk: StoreDisk
    let books = PowerBooks()
    /// What the committed records make, in the plainest form.
    let model = SimulatedStore()
    private var random: SplitMix
    private let scanner = JSONScanner()
    let told = Watched(Told())
    private(set) var letters: [(key: String, letter: Letter)] = []
    private var letterOfKey: [String: Int] = [:]
    private var orderCount = 0
    /// The committed records so far.
    var records: [JournalRecord] = []
    /// What was found not to be as it must.
    var findings: [String] = []
    /// How many starts found records that the store did not have.
    private(set) var behindCount = 0

    /// How often the store could not be written when it was to.
    private(set) var hurriedInVainCount = 0

    /// Whose syncs are lies.
    enum Lie: Sendable, CaseIterable {
        case log
        case store
    }

    init(seed: UInt64, lie: Lie? = nil) throws {
        disk = MemoryDisk(seed: seed)
        disk.ignoreSyncs(lie == .log)
        storeDisk = try StoreDisk(disk, seed: seed)
        if lie == .store { storeDisk.ignoreSyncs() }
        random = SplitMix(seed: seed &+ 77)
    }

    /// How many cuts came while the store was writing.
    var cutInStoreCount: Int { storeDisk.cutCount }

    /// How many callbacks were acknowledged.
    var acknowledgedCount: Int { told.withLock { $0.letters.count } }

    /// How many callbacks and starts were refused after they had been taken in hand, and how many of them with no outcome known.
    var refusedCount: (known: Int, unknown: Int) {
        told.withLock { ($0.refused.count, $0.unknownCount) }
    }

    /// Cuts the power so many times, and examines each time what is left; at the end everything comes to its end.
    func run(cuts: Int) throws {
        for _ in 0..<cuts {
            try live()
            disk.restart()
            try storeDisk.restart()
            if !findings.isEmpty { return }
        }
        try finish()
    }

    /// One life; the power goes at its start, while runs are taken up again, or while it works.
    private func live() throws {
        if chance(1, in: 4) { disk.cut(after: draw(1...40)) }
        guard let life = try untilCut({ try PowerCutFixture(disk, storeDisk, books) }) else {
            return
        }
        defer {
            disk.cutNow()
            life.end()
        }
        if life.replayedCount > 0 { behindCount += 1 }
        guard try untilCut({ try examine(life) }) != nil else { return }
        disk.cut(after: draw(1...[40, 200, 1_000][draw(0...2)]))
        // A store that cannot be written for a while, or for the rest of this life, is behind the log.
        if chance(1, in: 3) { storeDisk.jam(after: draw(0...60), count: draw(1...200)) }
        if try untilCut({ try life.begin() }) != nil { work(life) }
        // One that is stopped in order while its log cannot be written leaves no more behind than one that is killed.
        if chance(1, in: 4) { life.rest() }
    }

    /// What comes of something before the power goes; nil where that was faster.
    private func untilCut<Result>(_ body: () throws -> Result) throws -> Result? {
        do {
            return try body()
        } catch {
            guard disk.isOff else { throw error }
            return nil
        }
    }

    private func draw(_ range: ClosedRange<Int>) -> Int {
        Int.random(in: range, using: &random)
    }

    private func chance(_ one: Int, in all: Int) -> Bool {
        draw(1...all) <= one
    }

    private func work(_ life: PowerCutFixture) {
        for _ in 0..<Int.random(in: 20...120, using: &random) where !disk.isOff {
            for key in life.surroundings.takeAsked() { _ = letter(for: key) }
            if chance(1, in: 40) { hurry(life.store) }
            if chance(1, in: 60) {
                disk.fail(at: draw(1...4), times: [1, 1, 2, 4, 30][draw(0...4)], code: 5)
            }
            switch Int.random(in: 0..<8, using: &random) {
            case 0...2: start(life)
            default: send(any(), life)
            }
        }
    }

    /// Has the store write and sync what it has, which it does four times a second only; where it can be written.
    private func hurry(_ store: Store) {
        do throws(StoreError) {
            try store.flush()
        } catch {
            hurriedInVainCount += 1
        }
    }

    private func start(_ life: PowerCutFixture) {
        orderCount += 1
        let order = RunEngine.Order(
            workflow: "pair",
            input: .object(["key": .string("key-\(orderCount)")])
        )
        do throws(StartRefusal) {
            let started = try life.engine.start([order], requestID: nil)
            let commit = life.commit
            commit.whenSettled(started.number) { [told] isCommitted in
                let isUnknown = commit.isOutcomeUnknown(started.number)
                told.withLock { told in
                    if isCommitted { return told.runs.formUnion(started.ids) }
                    if isUnknown { return told.unknownCount += 1 }
                    told.refused.formUnion(started.ids)
                }
            }
        } catch {
            return
        }
    }

    /// A callback: for an order that was started or will be, or for a try that asked for one.
    private func any() -> Int? {
        if Bool.random(using: &random), !letters.isEmpty {
            return Int.random(in: 0..<letters.count, using: &random)
        }
        return letter(for: "key-\(Int.random(in: 1...orderCount + 3, using: &random))")
    }

    private func letter(for key: String) -> Int {
        if let known = letterOfKey[key] { return known }
        let body = JSONValue.object(["id": .string(key), "n": .integer(Int64(letters.count))])
        let endpoint = SamplePlans.endpoints[0]
        letters.append(
            (key, Letter(endpoint: endpoint, body: body.jsonBytes, key: Array(key.utf8)))
        )
        letterOfKey[key] = letters.count - 1
        return letters.count - 1
    }

    private func send(_ index: Int?, _ life: PowerCutFixture) {
        guard let index, life.commit.refusal == nil else { return }
        let letter = letters[index].letter
        let request = UUIDv7(time: .now(), random: (random.next(), UInt64(index) << 2))
        let batch = life.service.batch(on: nil)
        let decision = letter.body.withRawSpan { body in
            life.service.decide(
                .json,
                body,
                CallbackService.Head(at: letter.endpoint, request, time: .now()),
                now: .now(),
                scanner: scanner,
                batch: batch
            )
        }
        batch.end()
        guard case .fast(_, let answer) = decision.answer else { return }
        let isRepeated = String(decoding: answer, as: UTF8.self).contains("duplicate")
        let commit = life.commit
        commit.whenSettled(decision.number) { [told] isCommitted in
            let isUnknown = commit.isOutcomeUnknown(decision.number)
            told.withLock { told in
                guard isCommitted else {
                    if isUnknown { told.unknownCount += 1 } else { told.refused.insert(request) }
                    return
                }
                told.letters.insert(index)
                // A repeated one stands in the ledger under a record of its own.
                if !isRepeated { told.requests.insert(request) }
            }
        }
    }

    /// Pays what is not paid, and waits until every run that is known has completed.
    private func finish() throws {
        let life = try PowerCutFixture(disk, storeDisk, books)
        defer { life.end() }
        try examine(life)
        try life.begin()
        var runs: Set<UUIDv7> = []
        for case .began(let births, _) in records { runs.formUnion(births.map(\.id)) }
        for number in 1...max(1, orderCount) { send(letter(for: "key-\(number)"), life) }
        let deadline = Deadline.seconds(20)
        while !runs.isEmpty, !deadline.hasPassed {
            var keys: Set<String> = []
            life.table.forEachOpenWait { wait in
                for key in wait.keys { keys.insert(String(decoding: key.bytes, as: UTF8.self)) }
            }
            for key in keys { send(letter(for: key), life) }
            runs = try runs.filter { id in
                if let cell = life.engine.registry.find(id) { return cell.toldOutcome == nil }
                return try life.store.run(id)?.isFinished != true
            }
        }
        for run in runs { findings.append("the run \(run.text) does not come to its end") }
        life.rest()
        try life.store.flush()
        try examine(life)
    }
}
