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
        _ flight: Flight,
        of cell: RunCell,
        end: @escaping @Sendable (CallOutcome) -> Void
    ) {
        var fields = [LogRecord.Field("task_id", cell.id.text)]
        if !call.data.isNull { fields.append(.init("data", call.data.jsonText)) }
        log(call.level, call.message, fields)
        end(.success(call.data, status: 0))
    }
}
