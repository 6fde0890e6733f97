import JSONWire
import Primitives

@testable import Workflows

/// Plays a run: sends events at given times and keeps what comes of them.
struct RunMachineFixture {
    var machine: RunMachine
    /// Milliseconds after the start.
    var time: Int64 = 0
    /// The effects of the last event.
    var effects: [Effect] = []
    var all: [Effect] = []
    var gateways = PlanFixture.gateway
    private var seed: UInt64 = 1

    static let origin = WallTime(milliseconds: 1_795_255_200_000)

    init?(_ fixture: PlanFixture, workflow: String? = nil) {
        guard
            let plan = workflow.flatMap({ fixture.plans.find($0) }) ?? fixture.plans.defaultWorkflow
        else { return nil }
        machine = RunMachine(
            plan: plan,
            id: UUIDv7(time: Self.origin, random: (7, 9))
        )
    }

    var wall: WallTime { WallTime(milliseconds: Self.origin.milliseconds + time) }

    mutating func send(_ event: RunEvent, at milliseconds: Int64? = nil) {
        if let milliseconds { time = milliseconds }
        seed &+= 1
        effects = machine.apply(
            event,
            stamp: Stamp(wall: wall, random: (seed, seed &* 77), gateways: gateways)
        )
        all += effects
    }

    mutating func start(_ input: String = "null") {
        send(.start(input: Self.json(input), requestID: "req-1"))
    }

    /// Answers the call of a step with JSON.
    mutating func respond(_ step: String, _ body: String, status: Int = 200) {
        guard let (ref, call) = lastCall(step) else { return }
        if let http = call as? HTTPCall {
            send(
                .responded(
                    ref,
                    http.outcome(
                        status: status,
                        contentType: "application/json",
                        body: Array(body.utf8)
                    )
                )
            )
        } else {
            send(.responded(ref, .success(Self.json(body), status: status)))
        }
    }

    mutating func fail(_ step: String, _ code: ProblemCode = .connectFailed) {
        guard let (ref, _) = lastCall(step) else { return }
        send(.responded(ref, .failure(CallFailure(code: code, message: "no way"))))
    }

    mutating func callback(
        _ step: String,
        key: String,
        _ result: String,
        isFailure: Bool = false,
        status: String? = nil
    ) {
        guard let ref = wait(step)?.ref else { return }
        send(
            .callback(
                ref,
                CallbackOutcome(
                    key: key,
                    isFailure: isFailure,
                    status: status,
                    result: Self.json(result)
                )
            )
        )
    }

    /// The last call of a step, by the step's name.
    func lastCall(_ step: String) -> (AttemptRef, any ComponentCall)? {
        for effect in all.reversed() {
            if case .call(let ref, let call) = effect, machine.name(ref.step) == step {
                return (ref, call)
            }
        }
        return nil
    }

    /// The last request of a step.
    func request(_ step: String) -> HTTPCall? {
        lastCall(step)?.1 as? HTTPCall
    }

    /// The body of the last request of a step.
    func body(_ step: String) -> JSONValue? {
        request(step)?.body.flatMap { Self.parse($0) }
    }

    /// The last wait of a step.
    func wait(_ step: String) -> (ref: AttemptRef, id: UUIDv7, keys: [String], deadline: WallTime)?
    {
        for effect in all.reversed() {
            if case .wait(let ref, let id, _, let keys, let deadline) = effect,
                machine.name(ref.step) == step
            {
                return (ref, id, keys.map { String(decoding: $0, as: UTF8.self) }, deadline)
            }
        }
        return nil
    }

    /// The effects of the last event in words, without history.
    var words: [String] { effects.compactMap(Self.word) }

    static func word(_ effect: Effect) -> String? {
        switch effect {
        case .wait: "wait"
        case .addKey(_, _, let key): "addKey \(String(decoding: key, as: UTF8.self))"
        case .endWait(_, let how): "endWait \(how.rawValue)"
        case .call(_, let call as HTTPCall): "\(call.method) \(call.url)"
        case .call(_, let line as LogCall): "log \(line.level.name) \(line.message)"
        case .call(_, let call as ShellCall): "shell \(call.arguments.joined(separator: " "))"
        case .call(_, let call as DelayCall): "delay \(call.pause)"
        case .call(_, let call): "call \(type(of: call))"
        case .abandon: "abandon"
        case .setTimer(let timer, _): "set \(timer.purpose)"
        case .cancelTimer(let timer): "cancel \(timer.purpose)"
        case .startChild(_, let workflow, _, _): "child \(workflow)"
        case .cancelChild: "cancelChild"
        case .history: nil
        case .finished: "finished"
        }
    }

    var output: JSONValue? { machine.state.output }
    var failure: RunFailure? { machine.state.failure }

    /// The state of a step by name.
    func status(_ step: String) -> StepStatus? {
        machine.state.steps.first { $0.name == step }?.status
    }

    /// The last timer that was set: its name and moment.
    var timer: (ref: TimerRef, at: WallTime)? {
        for effect in all.reversed() {
            if case .setTimer(let ref, let at) = effect { return (ref, at) }
        }
        return nil
    }

    /// Lets the last timer go off at its moment.
    mutating func ring() {
        guard let timer else { return }
        send(.timer(timer.ref), at: timer.at.milliseconds - Self.origin.milliseconds)
    }

    static func parse(_ bytes: [UInt8]) -> JSONValue? {
        do { return try JSONValue.parse(bytes) } catch { return nil }
    }

    static func json(_ text: String) -> JSONValue {
        parse(Array(text.utf8)) ?? .string("not JSON: \(text)")
    }
}

extension JSONValue {
    /// Compact text, for comparison in tests.
    var text: String {
        var bytes: [UInt8] = []
        appendJSON(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
