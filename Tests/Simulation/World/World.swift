import Configuration
import Journal
import LogKit
import Primitives
import Rendezvous
import Runs
import Store
import Testing

/// One schedule: a server, the disk it writes to, its senders and services, and what must hold of all of them.
///
/// Everything that happens is drawn from the seed, in one thread.
final class World: @unchecked Sendable {
    // Sendable because one thread has all of it.

    let seed: UInt64
    let sabotage: Sabotage
    let tell: ((String) -> Void)?
    var random: SplitMix
    /// Milliseconds since the schedule began.
    var time: Int64 = 0
    /// By how many milliseconds somebody has set the clock.
    var clockOffset: Int64 = 0
    var step = 0
    let executor: ExecutorSettings
    /// What survives a crash: records with their numbers.
    var disk: [(number: UInt64, bytes: [UInt8])] = []
    let store = SimulatedStore()
    private var present: SimulatedServerFixture?
    /// The server that lives now.
    var life: SimulatedServerFixture {
        guard let present else { preconditionFailure("no server was started") }
        return present
    }
    /// How many times the server was started.
    var lifeCount = 0
    var letters: [Letter] = []
    var lettersOfRequest: [UUIDv7: [Int]] = [:]
    /// Keys that a callback may carry: those of waits, and those that services will use.
    var keys: [[UInt8]] = SamplePlans.keys.map { Array($0.utf8) }
    var ledger = Ledger()
    var tally = Tally()
    var violation: Violation?
    /// Whether something may happen between a decision and its record's arrival at the journal.
    var isPreempting = false
    /// What happens between the next decisions and their records' arrivals, one each, in place of what is drawn.
    var meanwhile: [() -> Void] = []
    private var isWithinPreemption = false
    /// The engines of all lives so far: none of them must outlive the schedule.
    private var engines: [() -> RunEngine?] = []
    /// Whether the store cannot be read for a while.
    var isStoreBroken = false

    /// What happened in a schedule.
    struct Tally {
        var events = 0
        var callbacks = 0
        var acknowledged = 0
        var crashes = 0
        var failures = 0
        var checks = 0
    }

    static let origin = WallTime(milliseconds: 1_795_255_200_000)

    init(seed: UInt64, sabotage: Sabotage, tell: ((String) -> Void)? = nil) {
        self.seed = seed
        self.sabotage = sabotage
        self.tell = tell
        random = SplitMix(seed: seed &* 0x9E37_79B9 &+ 1)
        var executor = SamplePlans.configuration.executor
        if random.next() % 4 == 0 { executor.concurrentRunsMax = 2 }
        if random.next() % 3 == 0 { executor.endedRunsMax = 1 }
        self.executor = executor
        store.sabotage = sabotage
        store.isUnreadable = { [unowned self] in
            isPreempting && (isStoreBroken || chance(1, in: 8))
        }
    }

    var wall: WallTime { WallTime(milliseconds: Self.origin.milliseconds + time + clockOffset) }
    var now: Instant { Instant(nanoseconds: UInt64(time + 10_000) * 1_000_000) }

    /// Plays the schedule to its end, and sees to it that it leaves nothing in memory, however it ended.
    static func play(
        seed: UInt64,
        sabotage: Sabotage = .none,
        tell: ((String) -> Void)? = nil
    ) throws(Violation) -> Tally {
        var engines: [() -> RunEngine?] = []
        defer {
            if engines.contains(where: { $0() != nil }) {
                Issue.record("the schedule of seed \(seed) leaves an engine in memory")
            }
        }
        return try play(seed: seed, sabotage: sabotage, tell: tell, engines: &engines)
    }

    private static func play(
        seed: UInt64,
        sabotage: Sabotage,
        tell: ((String) -> Void)?,
        engines: inout [() -> RunEngine?]
    ) throws(Violation) -> Tally {
        let world = World(seed: seed, sabotage: sabotage, tell: tell)
        defer { engines = world.engines }
        world.start()
        let steps = 30 + world.draw(120)
        while world.step < steps, world.violation == nil {
            world.step += 1
            world.isPreempting = true
            world.takeStep()
            world.isPreempting = false
            world.checkWhereQuiet()
        }
        world.drain()
        if let violation = world.violation { throw violation }
        return world.tally
    }

    /// A number below a bound.
    func draw(_ bound: Int) -> Int {
        Int(random.next() % UInt64(bound))
    }

    func chance(_ one: Int, in all: Int) -> Bool {
        draw(all) < one
    }

    func pick<Element>(_ elements: [Element]) -> Element? {
        elements.isEmpty ? nil : elements[draw(elements.count)]
    }

    /// Notes that a promise was not kept; the first one counts.
    func violate(_ text: @autoclosure () -> String) {
        guard violation == nil else { return }
        violation = Violation(seed: seed, step: step, text: text())
        say("VIOLATION: \(violation?.text ?? "")")
    }

    func say(_ text: @autoclosure () -> String) {
        tell?("\(step) +\(time)ms: \(text())")
    }

    // MARK: - Lives of the server

    /// Starts the server on what the disk has; again where the store cannot be read.
    func start() {
        while !begin() {
            // An operator waits until it can be read.
            isStoreBroken = false
        }
    }

    private func begin() -> Bool {
        lifeCount += 1
        let last = disk.last?.number ?? 0
        let journal = SimulatedJournal(
            after: last,
            follower: store,
            sabotage: sabotage,
            hooks: SimulatedJournal.Hooks(
                preempt: { [unowned self] in preempt() },
                handedOver: { [unowned self] number, record, isTaken in
                    say(
                        "\(isTaken ? "handed over" : "refused") \(number): \(Telling.of(record, self))"
                    )
                },
                written: { [unowned self] number, bytes in write(number, bytes) }
            )
        )
        present = SimulatedServerFixture(self, journal: journal, after: last)
        engines.append { [weak engine = life.engine] in engine }
        do throws(StoreError) {
            try life.recover(store)
            return true
        } catch {
            say("the start fails: \(error)")
            present = nil
            return false
        }
    }

    /// Kills the server, keeps some of what was under way to the disk, and starts it again.
    func crash() {
        tally.crashes += 1
        let kept = life.journal.unfinished(draw(4))
        say("crash; \(kept.count) records more are on the disk")
        for (number, bytes) in kept { write(number, bytes) }
        store.crash()
        present = nil
        for (number, bytes) in disk where number > store.through {
            if sabotage == .losesRecords, chance(1, in: 50) { continue }
            if let record = Self.read(bytes) { store.replay(number, record) }
        }
        start()
    }

    private func write(_ number: UInt64, _ bytes: [UInt8]) {
        disk.append((number, bytes))
        guard let record = Self.read(bytes) else {
            return violate("the record \(number) cannot be read again")
        }
        say("committed \(number): \(Telling.of(record, self))")
        note(record, number)
    }

    static func read(_ bytes: [UInt8]) -> JournalRecord? {
        do throws(RecordReader.Damage) {
            return try JournalRecord(bytes)
        } catch {
            return nil
        }
    }

    /// Another thread gets its turn between a decision and its record's arrival.
    private func preempt() {
        if !meanwhile.isEmpty { return meanwhile.removeFirst()() }
        guard isPreempting, !isWithinPreemption, chance(1, in: 12) else { return }
        isWithinPreemption = true
        defer { isWithinPreemption = false }
        say("meanwhile:")
        switch draw(6) {
        case 0, 1: sendLetter()
        case 2: life.journal.commit(1 + draw(5))
        case 3: life.journal.fail()
        case 4: life.engine.expire(now: now)
        default: life.journal.recover { [unowned self] in sendLetter() }
        }
    }
}
