internal import Primitives
internal import Workflows

/// Tells a run's history to the log, one line a fact.
enum RunLogger {
    /// Logs one entry of a run's history; keys and inputs stay out of lines above `debug` only where they are secret,
    /// which callback keys are not.
    static func tell(_ entry: HistoryEntry, of cell: RunActor, to log: Log) {
        let level = level(entry.kind)
        // Before a word of the line is put together.
        guard level >= log.level else { return }
        let (message, more) = line(entry.kind)
        log(level, message, fields(entry, of: cell) + more)
    }

    /// Whether a log takes any line of a history.
    static func isHeard(by log: Log) -> Bool { log.level <= .warning }

    private static func level(_ kind: HistoryEntry.Kind) -> LogLevel {
        switch kind {
        case .runStarted, .stepStarted, .stepSkipped, .routed: .debug
        case .retrying, .stepFailed, .runFailed, .warned: .warning
        case .sent, .waiting, .resumed, .interrupted, .stepCompleted, .recovered, .stepCancelled,
            .noted, .retriedRun, .runCompleted, .runCancelled:
            .info
        }
    }

    private static func line(_ kind: HistoryEntry.Kind) -> (String, [LogRecord.Field]) {
        switch kind {
        case .runStarted: ("Run began", [])
        case .stepStarted: ("Step started", [])
        case .sent(let what): ("Request sent", [.init("request", what)])
        case .waiting(let keys, let until):
            (
                "Step waits for a callback",
                [.init("keys", keys.joined(separator: " ")), .init("until", until.rfc3339)]
            )
        case .resumed(let key): ("Callback received, step resumed", [.init("key", key)])
        case .retrying(let failure, let at):
            (
                "Step failed and will be tried again",
                failureFields(failure) + [.init("at", at.rfc3339)]
            )
        case .interrupted(let id): ("Run waits for an answer", [.init("interrupt", id)])
        case .stepCompleted: ("Step completed", [])
        case .recovered(let failure):
            ("Step failed, its on_error took over", failureFields(failure))
        case .stepFailed(let failure): ("Step failed", failureFields(failure))
        case .stepSkipped: ("Step skipped", [])
        case .stepCancelled: ("Step cancelled", [])
        case .routed(let target): ("Step routed on", [.init("to", target)])
        case .noted(let note): ("Noted", [.init("note", note)])
        case .warned(let note):
            ("The step may wait for a callback that cannot come", [.init("note", note)])
        case .retriedRun: ("Run taken up again where it failed", [])
        case .runCompleted: ("Run completed", [])
        case .runFailed(let failure):
            (
                "Run failed",
                [.init("code", failure.code.rawValue), .init("error", failure.message)]
            )
        case .runCancelled(let reason): ("Run cancelled", [.init("reason", reason)])
        }
    }

    private static func fields(_ entry: HistoryEntry, of cell: RunActor) -> [LogRecord.Field] {
        var fields = [LogRecord.Field("task_id", cell.id.text)]
        if let step = entry.step {
            fields.append(.init("step", step))
            fields.append(.init("attempt", entry.attempt))
        }
        if let component = entry.component { fields.append(.init("component", component)) }
        return fields
    }

    private static func failureFields(_ failure: StepFailure) -> [LogRecord.Field] {
        [.init("code", failure.code.rawValue), .init("error", failure.message)]
    }
}
