import JSONWire
import Primitives
import Testing

@testable import Workflows

/// Random events in random order on random plans: nothing traps, every step ends once, a finished run is silent.
@Suite struct RandomRunsTests {
    /// A workflow made from a seed.
    static func workflow(_ random: inout SplitMix64) -> String {
        let count = 1 + Int(random.next() % 8)
        var jobs: [String] = []
        for index in 0..<count {
            var job = "{ id: j\(index), " + kind(&random)
            if index > 0, random.next() % 2 == 0 {
                let other = Int(random.next() % UInt64(index))
                let more = Int(random.next() % UInt64(index))
                job +=
                    random.next() % 3 == 0
                    ? ", depends_on: [ [ j\(other), j\(more) ] ]" : ", depends_on: [ j\(other) ]"
            }
            switch random.next() % 8 {
            case 0: job += ", retry: { max_attempts: 3, delay: 1s }"
            case 1: job += ", on_error: ignore"
            case 2: job += ", on_error: [ { id: h\(index), component: call } ]"
            case 3: job += ", timeout: 3s"
            case 4: job += ", interrupt: { before: true, after: true }"
            default: break
            }
            jobs.append(job + " }")
        }
        if count > 2, random.next() % 2 == 0 {
            jobs.append(
                "{ id: r, type: if, depends_on: [ j0 ], input: 1, value: 1, if_true: j\(count - 1), max_run_count: 5 }"
            )
        }
        return "workflow: { timeout: 1h, jobs: [\n  " + jobs.joined(separator: ",\n  ") + " ] }"
    }

    private static func kind(_ random: inout SplitMix64) -> String {
        switch random.next() % 8 {
        case 0: "component: asks"
        case 1: "type: wait, wait_for: k"
        case 2: "type: delay, duration: 1s"
        case 3: "type: for-each, input: [1, 2, 3], batch_size: 2, do: { component: call }"
        case 4: "component: sub"
        case 5:
            "type: loop, max_iteration_count: 3, do: { component: asks }, while: { input: 1, value: 1 }"
        default: "component: call"
        }
    }

    static let components = #"""
        components:
          call: { type: http-client, endpoint: "http://h/x" }
          asks: { type: http-client, endpoint: "http://h/y", body: { u: "http://localhost:8090/callback" }, output: "${response}" }
          sub: { type: workflow, workflow: w2 }
        workflows: [ { id: w2, jobs: [] } ]

        """#

    @Test(arguments: 0..<40) func `random runs keep their promises`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<10 {
            let fixture = PlanFixture(
                Self.components + Self.workflow(&random),
                endpoints: [PlanFixture.endpoint("/callback", identifyBy: "${body.id}")]
            )
            let refused = fixture.findings
            if !refused.isEmpty {
                // A router may make a plan that can never run; nothing else may be wrong.
                #expect(refused.allSatisfy { $0.contains("never run") })
                continue
            }
            for _ in 0..<10 { try play(fixture, &random) }
        }
    }

    private func play(_ fixture: PlanFixture, _ random: inout SplitMix64) throws {
        let plan = try #require(fixture.plans.find("__workflow__"))
        var machine = RunMachine(
            plan: plan,
            id: UUIDv7(time: RunMachineFixture.origin, random: (1, 2))
        )
        var open: [RunEvent] = []
        var seen: [RunEvent] = []
        var ended: [String: Int] = [:]
        var started: [String: Int] = [:]
        var finished = 0
        var time: Int64 = 0
        var next = RunEvent.start(input: .object(JSONObject()), requestID: nil)
        for turn in 0..<400 {
            time += Int64(random.next() % 500)
            let effects = machine.apply(
                next,
                stamp: Stamp(
                    wall: WallTime(milliseconds: RunMachineFixture.origin.milliseconds + time),
                    random: (random.next(), random.next()),
                    gateways: PlanFixture.gateway
                )
            )
            if finished > 0 { #expect(effects.isEmpty) }
            for effect in effects {
                if case .finished = effect { finished += 1 }
                if case .history(let entry) = effect { count(entry, &started, &ended) }
                open += Self.answers(to: effect, &random)
            }
            seen.append(next)
            if turn == 380 {
                next = .cancel(reason: "enough")
            } else if open.isEmpty || random.next() % 5 == 0 {
                next = seen[Int(random.next() % UInt64(seen.count))]
            } else {
                next = open.remove(at: Int(random.next() % UInt64(open.count)))
            }
        }
        #expect(finished == 1)
        #expect(machine.liveCount == 0)
        for (step, count) in ended { #expect(count <= started[step] ?? 0, "\(step)") }
        #expect(machine.state.steps.allSatisfy { $0.status.isOver })
    }

    private func count(
        _ entry: HistoryEntry,
        _ started: inout [String: Int],
        _ ended: inout [String: Int]
    ) {
        guard let step = entry.step else { return }
        switch entry.kind {
        case .stepStarted, .interrupted: started[step, default: 0] += 1
        case .stepCompleted, .stepFailed, .stepCancelled: ended[step, default: 0] += 1
        default: break
        }
    }

    /// What the world may answer to an effect.
    static func answers(to effect: Effect, _ random: inout SplitMix64) -> [RunEvent] {
        switch effect {
        case .call(let ref, let call) where call is HTTPCall:
            let fails = random.next() % 4 == 0
            return [
                .responded(
                    ref,
                    fails
                        ? .failure(CallFailure(code: .connectFailed, message: "no"))
                        : .success(.object(["id": .string("k")]), status: 200)
                )
            ]
        case .wait(let ref, _, _, let keys, _):
            let key = String(decoding: keys.first ?? [], as: UTF8.self)
            switch random.next() % 6 {
            case 0: return [.waitExpired(ref)]
            case 1: return [.waitRefused(ref, .overloaded)]
            case 2:
                return [
                    .callback(
                        ref,
                        CallbackOutcome(key: key, isFailure: true, status: "f", result: .null)
                    )
                ]
            default:
                return [
                    .callback(
                        ref,
                        CallbackOutcome(
                            key: key,
                            isFailure: false,
                            status: nil,
                            result: .object(["r": .null])
                        )
                    )
                ]
            }
        case .setTimer(let timer, _): return [.timer(timer)]
        case .startChild(let ref, _, _, _): return [.childEnded(ref, .completed(.integer(1)))]
        case .history(let entry):
            if case .interrupted(let id) = entry.kind { return [.answered(interrupt: id, nil)] }
            return []
        default: return []
        }
    }

    @Test func `the same events lead to the same effects`() throws {
        var words: [[String]] = []
        for _ in 0..<2 {
            var stage = try ImagePipelineTests.waiting()
            stage.callback("generate", key: "img-501", ImagePipelineTests.result)
            words.append(
                stage.all.compactMap(RunMachineFixture.word) + [
                    stage.wait("generate")?.id.text ?? ""
                ]
            )
        }
        #expect(words.first == words.last)
    }
}
