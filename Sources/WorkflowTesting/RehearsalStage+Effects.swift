internal import Configuration
internal import JSONWire
internal import Primitives
internal import Rendezvous
internal import Workflows

extension RehearsalStage {
    /// Carries out what a run wants done.
    mutating func carryOut(_ effect: Effect, of id: UUIDv7) {
        switch effect {
        case .wait(let attempt, _, let channels, let keys, let deadline):
            open(attempt, of: id, channels: channels, keys: keys, until: deadline)
        case .addKey(let attempt, let channels, let key):
            add(key, on: channels, to: attempt, of: id)
        case .endWait(let attempt, let how):
            endWait(attempt, of: id, how == .answered ? .answered : .cancelled)
        case .call(let attempt, let call): answer(call, for: attempt, of: id)
        case .setTimer(let timer, let at): set(timer, of: id, at: at)
        case .cancelTimer(let timer): timers[TimerName(run: id, timer: timer)] = nil
        case .startChild(let attempt, let workflow, let input, let child):
            start(workflow, child, input, for: attempt, of: id)
        case .cancelChild(let attempt): cancelChild(of: attempt, id)
        case .history(let entry): follow(entry, of: id)
        case .finished(let outcome):
            if let parent = runs[id]?.parent {
                plan(.event(parent.run, .childEnded(parent.attempt, outcome)))
            }
        case .abandon: break  // Its answer comes, and changes nothing.
        }
    }

    private mutating func set(_ timer: TimerRef, of id: UUIDv7, at moment: WallTime) {
        let name = TimerName(run: id, timer: timer)
        let generation = (timers[name] ?? 0) &+ 1
        timers[name] = generation
        plan(.timer(id, timer, generation: generation), after: delay(until: moment))
    }

    /// How long it is until a moment; nothing where that has passed.
    func delay(until moment: WallTime) -> Nanoseconds {
        .milliseconds(max(0, moment.milliseconds - now.milliseconds))
    }

    private mutating func open(
        _ attempt: AttemptRef,
        of id: UUIDv7,
        channels: [UInt32],
        keys: [[UInt8]],
        until deadline: WallTime
    ) {
        waits.append(PendingWait(run: id, attempt: attempt, keys: []))
        plan(.event(id, .waitExpired(attempt)), after: delay(until: deadline))
        for key in keys { add(key, on: channels, to: attempt, of: id) }
    }

    private mutating func add(
        _ key: [UInt8],
        on channels: [UInt32],
        to attempt: AttemptRef,
        of id: UUIDv7
    ) {
        guard let place = waits.firstIndex(where: { $0.run == id && $0.attempt == attempt })
        else { return }
        let standard = Channels.standard
        let meant = channels.flatMap { $0 == standard ? configuration.defaultChannels : [$0] }
        waits[place].keys += meant.map { ($0, key) }
        marks.removeAll { $0.isReusable && meant.contains($0.channel) && $0.key == key }
        let early = held.firstIndex { meant.contains($0.channel) && $0.key == key }
        guard let early else { return }
        let callback = held.remove(at: early)
        remember(
            waits.remove(at: place),
            .answered,
            by: callback.print,
            isReusable: callback.isReusable
        )
        tell("\(stepName(attempt, of: id)): its callback was there already")
        plan(.event(id, .callback(attempt, callback.outcome)))
    }

    private mutating func start(
        _ workflow: String,
        _ child: UUIDv7,
        _ input: JSONValue,
        for attempt: AttemptRef,
        of id: UUIDv7
    ) {
        guard let plan = configuration.plans.find(workflow) else { return }
        runs[child] = Run(machine: RunMachine(plan: plan, id: child), parent: (id, attempt))
        self.plan(.event(child, .start(input: input, requestID: nil)))
    }

    private mutating func cancelChild(of attempt: AttemptRef, _ id: UUIDv7) {
        let child = runs.first { $0.value.parent.map { $0 == (id, attempt) } ?? false }
        if let child { plan(.event(child.key, .cancel(reason: "its parent run ended"))) }
    }

    /// Tells what a run does, and answers its questions.
    private mutating func follow(_ entry: HistoryEntry, of id: UUIDv7) {
        let step = entry.step ?? ""
        switch entry.kind {
        case .interrupted(let question):
            guard let answer = script.answers[question] else {
                differs("the run asks `\(question)`, and `answers` has no such key")
                isStopped = true
                return
            }
            tell("asked \(question), answered \(Likeness.shown(answer))")
            plan(.event(id, .answered(interrupt: question, answer)))
        case .retrying(let failure, _): tell("\(step): \(failure.code.rawValue), tried again later")
        case .recovered(let failure): tell("\(step): \(failure.code.rawValue), on_error goes on")
        case .stepFailed(let failure):
            tell("\(step): failed, \(failure.code.rawValue): \(failure.message)")
        case .stepSkipped: tell("\(step): skipped")
        case .stepCompleted: tell("\(step): completed")
        default: break
        }
    }
}
