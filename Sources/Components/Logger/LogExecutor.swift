internal import JSONWire
internal import Primitives
internal import Runs
internal import Workflows

/// Writes the lines of logger components.
struct LogExecutor: CallExecutor {
    let log: Log

    var isOutgoing: Bool { false }

    func begin(
        _ call: LogCall,
        _ flight: CallHandle,
        of cell: RunActor,
        end: @escaping @Sendable (CallOutcome) -> Void
    ) {
        tell(call, of: cell)
        end(.success(call.data, status: 0))
    }

    func tell(_ call: LogCall, of cell: RunActor) {
        // The fields are made for a line that is written alone.
        log(call.level, call.message, Self.fields(call, of: cell))
    }

    private static func fields(_ call: LogCall, of cell: RunActor) -> [LogRecord.Field] {
        let task = LogRecord.Field("task_id", cell.id.text)
        return call.data.isNull ? [task] : [task, .init("data", call.data.jsonText)]
    }
}
