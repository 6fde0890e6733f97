internal import JSONWire
internal import Primitives
internal import Runs
internal import Workflows

/// Times the pauses that stand in line for a place of their component.
struct DelayExecutor: CallExecutor {
    let alarms: Alarms

    // A pause that a restart interrupts is begun again: nothing outside was asked.
    var isOutgoing: Bool { false }

    func begin(
        _ call: DelayCall,
        _ flight: CallHandle,
        of cell: RunActor,
        end: @escaping @Sendable (CallOutcome) -> Void
    ) {
        let now = WallTime.now()
        let length = call.pause.end(from: now).milliseconds - now.milliseconds
        let alarm = alarms.after(.milliseconds(max(0, length))) {
            end(.success(.null, status: 0))
        }
        flight.onAbandon { [alarms] in
            let failure = CallFailure(code: .cancelled, message: "the delay was cancelled")
            if alarms.cancel(alarm) { end(.failure(failure)) }
        }
    }
}
