import JSONWire
import Primitives
import Runs
import Workflows

/// Surroundings whose services answer at once; nobody wakes at a time.
final class PromptEnvironment: RunEnvironment {
    private let asked = Lock<[String]>([])
    private let alarms = Alarms()

    /// The keys under which services were asked to call back, since this was last asked.
    func takeAsked() -> [String] {
        asked.withLock { asked in
            defer { asked = [] }
            return asked
        }
    }

    var wall: WallTime { .now() }
    var now: Instant { .now() }

    var random: (UInt64, UInt64) {
        var source = SystemRandomNumberGenerator()
        return (source.next(), source.next())
    }

    func set(_ timer: RunTimer, at moment: WallTime) {}

    func cancel(_ timer: RunTimer) {}

    func after(_ delay: Nanoseconds, _ body: @escaping @Sendable () -> Void) {
        alarms.after(delay, body)
    }

    /// Forgets what was to be done later, and takes nothing more.
    func stop() { alarms.stop() }

    func run(_ call: any ComponentCall, for attempt: AttemptRef, of cell: RunActor) {
        guard let call = call as? HTTPCall else { return }
        let key = call.headers.first { $0.name.lowercased() == "idempotency-key" }?.value
        if let key, UUIDv7(text: key) != nil { asked.withLock { $0.append(key) } }
        cell.send(.event(.responded(attempt, .success(.object(JSONObject()), status: 200))))
    }

    func abandon(_ attempt: AttemptRef, of cell: RunActor) {}

    func admitChild(
        of attempt: AttemptRef,
        of cell: RunActor,
        start: @escaping @Sendable () -> Void
    ) {
        start()
    }

    func adoptChild(of attempt: AttemptRef, of cell: RunActor) {}

    func allAdopted() {}

    func childEnded(of attempt: AttemptRef, of run: UUIDv7) {}
}
