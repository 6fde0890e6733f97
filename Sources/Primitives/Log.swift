/// How much a log line matters.
package enum LogLevel: Int, Sendable, Comparable, CaseIterable {
    case debug, info, warning, error

    /// The word for the level, as it is written and configured.
    package var name: String {
        switch self {
        case .debug: "debug"
        case .info: "info"
        case .warning: "warning"
        case .error: "error"
        }
    }

    package static func < (left: LogLevel, right: LogLevel) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// One fact for the log: a sentence and its named values.
///
/// It never holds a secret.
package struct LogRecord: Sendable {
    /// One named value of a record.
    package struct Field: Sendable {
        /// The field's name in snake case: `request_id`, `task_id`, `step`.
        package let name: String
        /// The value as text.
        package let value: String
        /// Whether the value is an integer: JSON has it as a number.
        package let isNumber: Bool

        /// Pairs a name with a text.
        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
            isNumber = false
        }

        /// Pairs a name with an integer.
        package init(_ name: String, _ number: some FixedWidthInteger) {
            self.name = name
            value = String(number)
            isNumber = true
        }
    }

    /// When it happened.
    package let time: WallTime
    /// How much it matters.
    package let level: LogLevel
    /// The fact, as one sentence without a full stop.
    package let message: String
    /// The named values, in the order they are written.
    package let fields: [Field]

    /// Makes a record of a fact.
    package init(time: WallTime, level: LogLevel, message: String, fields: [Field]) {
        self.time = time
        self.level = level
        self.message = message
        self.fields = fields
    }
}

/// The door through which every room logs: a threshold, and where records go.
///
/// Copying it is cheap; it may be used on any thread. The message and fields are only built when the level passes.
package struct Log: Sendable {
    /// The least level that is taken.
    package let level: LogLevel
    private let sink: @Sendable (LogRecord) -> Void

    /// Makes a log that hands every record of at least `level` to `sink`.
    package init(level: LogLevel, sink: @escaping @Sendable (LogRecord) -> Void) {
        self.level = level
        self.sink = sink
    }

    /// A log that takes nothing.
    package static let silent = Log(level: .error) { _ in }

    /// Logs a fact of the given level with its named values.
    package func callAsFunction(
        _ level: LogLevel,
        _ message: @autoclosure () -> String,
        _ fields: @autoclosure () -> [LogRecord.Field] = []
    ) {
        guard level >= self.level else { return }
        sink(LogRecord(time: .now(), level: level, message: message(), fields: fields()))
    }
}
