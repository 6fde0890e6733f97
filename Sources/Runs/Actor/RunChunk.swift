package import JSONWire

/// A piece of the answer that a step is receiving, for those who watch the run; it is kept nowhere.
package struct RunChunk: Sendable {
    /// The step.
    package let step: String
    /// The step's try, from 1.
    package let attempt: Int
    /// What the piece says.
    package let data: JSONValue
}
