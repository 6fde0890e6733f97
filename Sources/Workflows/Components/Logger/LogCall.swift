package import JSONWire
package import Primitives

/// One line that a step wants logged.
package final class LogCall: ComponentCall {
    /// The component's id.
    package let component: String
    /// How much it matters.
    package let level: LogLevel
    /// The sentence.
    package let message: String
    /// The data beside it; null where there is none.
    package let data: JSONValue

    init(
        component: String,
        level: LogLevel,
        message: String,
        data: JSONValue
    ) {
        self.component = component
        self.level = level
        self.message = message
        self.data = data
    }

    /// A line is written without anybody waiting for it.
    package var isAnswered: Bool { false }

    /// The report of a test has the line.
    package var rehearsal: CallRehearsal {
        .known(.success(data, status: 0), report: "logged \(level.name): \(message)")
    }
}
