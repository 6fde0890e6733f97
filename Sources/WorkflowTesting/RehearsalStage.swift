internal import Configuration
internal import Documents
internal import Expressions
internal import JSONWire
internal import Journal
internal import Listeners
internal import Primitives
internal import Rendezvous
internal import Workflows

/// The world of one test: a clock that jumps, the runs, their waits, and what others do at which moment.
struct RehearsalStage {
    /// What happens at some moment.
    enum Action {
        /// An event reaches a run.
        case event(UUIDv7, RunEvent)
        /// A timer of a run is due, unless it was set anew.
        case timer(UUIDv7, TimerRef, generation: Int)
        /// Somebody calls back; the scope is that of the request which caused it.
        case callback(RehearsalScript.Callback, ListenerScope)
    }

    /// A run and who waits for its end.
    struct Run {
        var machine: RunMachine
        let parent: (run: UUIDv7, attempt: AttemptRef)?
    }

    /// A wait that no callback has ended.
    struct PendingWait {
        let run: UUIDv7
        let attempt: AttemptRef
        var keys: [(channel: UInt32, bytes: [UInt8])]
    }

    /// A callback that came before its wait.
    struct Held {
        let channel: UInt32
        let key: [UInt8]
        let print: Fingerprint
        let isReusable: Bool
        let outcome: CallbackOutcome
    }

    /// The end of a wait, under one of its keys.
    struct Mark {
        let channel: UInt32
        let key: [UInt8]
        let how: EndedHow
        let print: Fingerprint?
        let isReusable: Bool
    }

    /// What names a timer.
    struct TimerName: Hashable {
        let run: UUIDv7
        let timer: TimerRef
    }

    /// How many events a test may take.
    private static let eventsMax = 200_000
    /// When every test begins: 2026-01-01T00:00:00Z.
    private static let origin = WallTime(milliseconds: 1_767_225_600_000)

    let script: RehearsalScript
    let configuration: Configuration
    var report: WorkflowTest.Report
    /// How long the test has lasted.
    var time = Nanoseconds(0)
    var runs: [UUIDv7: Run] = [:]
    var waits: [PendingWait] = []
    /// Callbacks whose key nobody waits for yet.
    var held: [Held] = []
    /// How waits ended: what tells a repeated callback, and one that comes too late.
    var marks: [Mark] = []
    var timers: [TimerName: Int] = [:]
    /// How often each exchange was used.
    var uses: [Int]
    var isStopped = false
    private var queue: [(at: Nanoseconds, number: Int, action: Action)] = []
    private var count = 0
    private var seed: UInt64 = 0

    /// Sets a stage for a test.
    init(_ script: RehearsalScript, configuration: Configuration, report: WorkflowTest.Report) {
        self.script = script
        self.configuration = configuration
        self.report = report
        uses = Array(repeating: 0, count: script.exchanges.count)
    }

    /// The moment, as runs see it.
    var now: WallTime { Self.origin.advanced(by: time) }

    /// Carries a run of a workflow to its end, and judges what came of it.
    mutating func play(_ plan: WorkflowPlan) {
        let id = UUIDv7(time: Self.origin, random: (0x51_CE, 0x7E57))
        runs[id] = Run(machine: RunMachine(plan: plan, id: id), parent: nil)
        for callback in script.callbacks {
            self.plan(.callback(callback, emptyScope), after: callback.after)
        }
        apply(.start(input: script.input, requestID: nil), to: id)
        var handled = 0
        while !isStopped, runs[id]?.machine.outcome == nil, let next = takeNext() {
            handled += 1
            guard handled < Self.eventsMax else {
                report.differences.append("the run does not end: \(handled) events so far")
                return
            }
            time = next.at
            perform(next.action)
        }
        judge(runs[id]?.machine)
    }

    /// Lets something happen later.
    mutating func plan(_ action: Action, after delay: Nanoseconds = Nanoseconds(0)) {
        count += 1
        queue.append((Nanoseconds(time.count &+ delay.count), count, action))
    }

    /// Notes something for the report.
    mutating func tell(_ text: String) {
        let after = time.count == 0 ? "" : "after \(DurationText.spell(time)): "
        report.events.append(configuration.redaction.text(after + text))
    }

    /// Notes what is not as recorded.
    mutating func differs(_ text: String) {
        report.differences.append(configuration.redaction.text(text))
    }

    /// Hands an event to a run and carries out what it causes.
    mutating func apply(_ event: RunEvent, to id: UUIDv7) {
        guard var run = runs[id] else { return }
        seed &+= 1
        let effects = run.machine.apply(
            event,
            stamp: Stamp(
                wall: now,
                random: (seed, seed &* 0x9E37_79B9),
                gateways: GatewaySettings.values(configuration.gateways)
            )
        )
        runs[id] = run
        for effect in effects { carryOut(effect, of: id) }
    }

    private mutating func takeNext() -> (at: Nanoseconds, number: Int, action: Action)? {
        let first = queue.indices.min {
            (queue[$0].at.count, queue[$0].number) < (queue[$1].at.count, queue[$1].number)
        }
        return first.map { queue.remove(at: $0) }
    }

    private mutating func perform(_ action: Action) {
        switch action {
        case .event(let id, let event):
            if case .waitExpired(let attempt) = event {
                guard endWait(attempt, of: id, .timedOut) else { return }
                tell("\(stepName(attempt, of: id)): no callback came in time")
            }
            apply(event, to: id)
        case .timer(let id, let timer, let generation):
            guard timers[TimerName(run: id, timer: timer)] == generation else { return }
            apply(.timer(timer), to: id)
        case .callback(let callback, let scope):
            arrive(callback, scope)
        }
    }

    /// The name of a step of a run.
    func stepName(_ attempt: AttemptRef, of id: UUIDv7) -> String {
        let steps = runs[id]?.machine.state.steps ?? []
        return steps.indices.contains(attempt.step) ? steps[attempt.step].name : "a step"
    }

    /// Takes a wait away; false where there is none.
    @discardableResult
    mutating func endWait(_ attempt: AttemptRef, of id: UUIDv7, _ how: EndedHow) -> Bool {
        guard let place = waits.firstIndex(where: { $0.run == id && $0.attempt == attempt })
        else { return false }
        remember(waits.remove(at: place), how)
        return true
    }

    /// Remembers the end of a wait under each of its keys.
    mutating func remember(
        _ wait: PendingWait,
        _ how: EndedHow,
        by print: Fingerprint? = nil,
        isReusable: Bool = false
    ) {
        marks += wait.keys.map { key in
            Mark(
                channel: key.channel,
                key: key.bytes,
                how: how,
                print: print,
                isReusable: isReusable
            )
        }
    }

    private var emptyScope: ListenerScope {
        ListenerScope(
            body: .value(.null),
            item: .value(.null),
            facts: RequestFacts(method: "GET", path: "/", query: [], headers: [], time: now),
            gateways: GatewayValues()
        )
    }
}
