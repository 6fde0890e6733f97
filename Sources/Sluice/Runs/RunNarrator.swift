internal import Primitives
internal import Workflows

/// Tells a run's history to the log, one line a fact.
enum RunNarrator {
    /// Logs one entry of a run's history; keys and inputs stay out of lines above `debug` only where they are secret,
    /// which callback keys are not.
    static func tell(_ entry: HistoryEntry, of cell: RunCell, to log: Log) {
        let (level, message, more) = line(entry)
        log(level, message, fields(entry, of: cell) + more)
    }

    private typealias Line = (LogLevel, String, [LogRecord.Field])

    private static func line(_ entry: HistoryEntry) -> Line {
        switch entry.kind {
        case .runStarted: (.debug, "Run began", [])
        case .stepStarted: (.debug, "Step started", [])
        case .sent(let what): (.info, "Request sent", [.init("request", what)])
        case .waiting(let keys, let until):
            (
                .info, "Step waits for a callback",
                [.init("keys", keys.joined(separator: " ")), .init("until", until.rfc3339)]
            )
        case .resumed(let key): (.info, "Callback received, step resumed", [.init("key", key)])
        case .retrying(let failure, let at):
            (
                .warning, "Step failed and will be tried again",
                failureFields(failure) + [.init("at", at.rfc3339)]
            )
        case .interrupted(let id): (.info, "Run waits for an answer", [.init("interrupt", id)])
        case .stepCompleted: (.info, "Step completed", [])
        case .recovered(let failure):
            (.info, "Step failed, its on_error took over", failureFields(failure))
        case .stepFailed(let failure): (.warning, "Step failed", failureFields(failure))
        case .stepSkipped: (.debug, "Step skipped", [])
        case .stepCancelled: (.info, "Step cancelled", [])
        case .routed(let target): (.debug, "Step routed on", [.init("to", target)])
        case .noted(let note): (.info, "Noted", [.init("note", note)])
        case .retriedRun: (.info, "Run taken up again where it failed", [])
        case .runCompleted: (.info, "Run completed", [])
        case .runFailed(let failure):
            (
                .warning, "Run failed",
                [.init("code", failure.code.rawValue), .init("error", failure.message)]
            )
        case .runCancelled(let reason): (.info, "Run cancelled", [.init("reason", reason)])
        }
    }

    private static func fields(_ entry: HistoryEntry, of cell: RunCell) -> [LogRecord.Field] {
        var fields = [LogRecord.Field("task_id", cell.id.text)]
        if let step = entry.step {
            fields.append(.init("step", step))
            fields.append(.init("attempt", String(entry.attempt)))
        }
        if let component = entry.component { fields.append(.init("component", component)) }
        return fields
    }

    private static func failureFields(_ failure: StepFailure) -> [LogRecord.Field] {
        [.init("code", failure.code.rawValue), .init("error", failure.message)]
    }
}
