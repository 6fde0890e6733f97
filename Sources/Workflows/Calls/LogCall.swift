package import JSONWire
package import Primitives

/// One line that a step wants logged.
package struct LogCall: Sendable {
    /// The component's id.
    package let component: String
    /// How much it matters.
    package let level: LogLevel
    /// The sentence.
    package let message: String
    /// The data beside it; null where there is none.
    package let data: JSONValue
}
