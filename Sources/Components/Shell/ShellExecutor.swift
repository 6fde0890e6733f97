internal import Loops
internal import Runs
internal import Workflows

/// Runs the programs of shell steps, on the loop that watches all programs.
struct ShellExecutor: CallExecutor {
    let programs: Programs

    func begin(
        _ call: ShellCall,
        _ flight: CallHandle,
        of cell: RunActor,
        end: @escaping @Sendable (CallOutcome) -> Void
    ) {
        let isTaken = programs.port.post { [settings = programs.settings] loop in
            let run = LoopBound(
                ShellRun(call, on: loop, settings: settings, onEnd: end),
                on: loop
            )
            flight.onAbandon { run.port.post { run.get(on: $0).abandon(on: $0) } }
        }
        if !isTaken { end(.failure(Programs.stopping)) }
    }
}
