import JSONWire
import LogKit
import Primitives
import Rendezvous
import TestKit
import Workflows

@testable import Sluice

/// One disk, one server after the other on it, each ended by a power cut at a random call, and senders who keep their own
/// books.
final class PowerTrial {
    /// What the senders were told.
    struct Told: Sendable {
        var letters: Set<Int> = []
        var runs: Set<UUIDv7> = []
    }

    private let disk: MemoryDisk
    private var random: SplitMix
    private let told = Monitor(Told())
    private var letters: [(key: String, letter: Letter)] = []
    private var letterOfKey: [String: Int] = [:]
    private var orderCount = 0
    /// What was found not to be as it must.
    private(set) var findings: [String] = []

    init(seed: UInt64, ignoringSyncs: Bool) {
        disk = MemoryDisk(seed: seed)
        disk.ignoreSyncs(ignoringSyncs)
        random = SplitMix(seed: seed &+ 77)
    }

    /// How many callbacks were acknowledged.
    var acknowledgedCount: Int { told.withLock { $0.letters.count } }

    /// Cuts the power so many times, and examines each time what is left; at the end everything comes to its end.
    func run(cuts: Int) throws {
        for _ in 0..<cuts {
            let life = try PowerLife(disk)
            examine(life)
            disk.cut(after: Int.random(in: 1...40, using: &random))
            work(life)
            disk.cutNow()
            life.end()
            disk.restart()
            if !findings.isEmpty { return }
        }
        try finish()
    }

    private func work(_ life: PowerLife) {
        for _ in 0..<Int.random(in: 20...120, using: &random) where !disk.isOff {
            for key in life.surroundings.takeAsked() { _ = letter(for: key) }
            switch Int.random(in: 0..<8, using: &random) {
            case 0...2: start(life)
            default: send(any(), life)
            }
        }
    }

    private func start(_ life: PowerLife) {
        orderCount += 1
        let order = RunEngine.Order(
            workflow: "pair",
            input: .object(["key": .string("key-\(orderCount)")])
        )
        do throws(StartRefusal) {
            let started = try life.engine.start([order], requestID: nil)
            life.settlement.whenSettled(started.number) { [told] isCommitted in
                if isCommitted { told.withLock { $0.runs.formUnion(started.ids) } }
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

    private func letter(for key: String) -> Int? {
        if let known = letterOfKey[key] { return known }
        let body = JSONValue.object(["id": .string(key), "n": .integer(Int64(letters.count))])
        let scope = ListenerScope(
            body: .value(body),
            item: .value(body),
            facts: RequestFacts(method: "POST", path: "/", query: [], headers: [], time: .now()),
            gateways: GatewayValues()
        )
        do {
            let endpoint = SamplePlans.endpoints[0]
            let reading = try CallbackReading(scope, endpoint: endpoint)
            let letter = Letter(endpoint: endpoint, body: body.jsonBytes, reading: reading)
            letters.append((key, letter))
            letterOfKey[key] = letters.count - 1
            return letters.count - 1
        } catch {
            findings.append("a callback cannot be read: \(error)")
            return nil
        }
    }

    private func send(_ index: Int?, _ life: PowerLife) {
        guard let index, life.settlement.refusal == nil else { return }
        let letter = letters[index].letter
        let taken = life.intake.take(
            letter.reading,
            bytes: letter.body.span,
            CallbackIntake.Origin(
                endpoint: letter.endpoint,
                requestID: UUIDv7(time: .now(), random: (random.next(), UInt64(index) << 2)),
                now: .now(),
                entry: nil,
                turn: nil
            )
        )
        switch taken.answer {
        case .delivered, .held: break
        default: return
        }
        life.settlement.whenSettled(taken.number) { [told] isCommitted in
            if isCommitted { told.withLock { _ = $0.letters.insert(index) } }
        }
    }

    // MARK: - What is left

    /// Whether everything that was acknowledged is in the log, and nothing was done twice.
    private func examine(_ life: PowerLife) {
        var delivered: [Int: Int] = [:]
        var held: Set<Int> = []
        var ends: [WaitID: Int] = [:]
        var born: Set<UUIDv7> = []
        for record in life.found.map(\.record) {
            switch record {
            case .began(let births, _): born.formUnion(births.map(\.id))
            case .delivered(let wait, let arrival, _):
                delivered[Self.letter(arrival.callback), default: 0] += 1
                ends[wait, default: 0] += 1
            case .fetched(let wait, _, let callback, _):
                delivered[Self.letter(callback), default: 0] += 1
                ends[wait, default: 0] += 1
            case .held(let arrival, _, _): held.insert(Self.letter(arrival.callback))
            default: break
            }
        }
        let told = told.withLock { $0 }
        for index in told.letters where delivered[index] == nil && !held.contains(index) {
            findings.append("the callback with the key \(letters[index].key) is lost")
        }
        for run in told.runs.subtracting(born) { findings.append("the run \(run.text) is lost") }
        for (index, count) in delivered where count > 1 {
            findings.append(
                "the callback with the key \(letters[index].key) resumed \(count) times"
            )
        }
        for (wait, count) in ends where count > 1 {
            findings.append("the wait \(Telling.of(wait)) was ended \(count) times")
        }
    }

    private static func letter(_ callback: CallbackRecord) -> Int {
        Int(callback.requestID.low & 0x3FFF_FFFF_FFFF_FFFF)
    }

    /// Pays what is not paid, and waits until every run that is known has completed.
    private func finish() throws {
        let life = try PowerLife(disk)
        defer { life.end() }
        examine(life)
        var runs: Set<UUIDv7> = []
        for case .began(let births, _) in life.found.map(\.record) {
            runs.formUnion(births.map(\.id))
        }
        for number in 1...max(1, orderCount) { send(letter(for: "key-\(number)"), life) }
        let deadline = Deadline.seconds(20)
        while !runs.isEmpty, !deadline.hasPassed {
            var keys: Set<String> = []
            life.table.forEachOpenWait { wait in
                for key in wait.keys { keys.insert(String(decoding: key.bytes, as: UTF8.self)) }
            }
            for key in keys { send(letter(for: key), life) }
            runs = runs.filter { id in
                guard let cell = life.engine.registry.find(id) else { return false }
                return cell.toldOutcome == nil
            }
        }
        for run in runs { findings.append("the run \(run.text) does not come to its end") }
    }
}
