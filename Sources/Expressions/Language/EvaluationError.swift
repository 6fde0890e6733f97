package import Documents

/// Why an expression has no value; it names shapes of values, never their content.
package struct EvaluationError: Error, Sendable, Hashable {
    /// What went wrong, one sentence without full stop.
    package var message: String
    /// Where the part of the expression stands that failed.
    package var position: SourcePosition
    /// The expression as it is written, with its `${}`.
    package var expression: String

    /// Makes an error; the evaluator fills in the expression where it is empty.
    package init(_ message: String, at position: SourcePosition, expression: String = "") {
        self.message = message
        self.position = position
        self.expression = expression
    }

    /// The error in one line: `file:line:column: message, in ${…}`.
    package var description: String {
        expression.isEmpty
            ? "\(position.description): \(message)"
            : "\(position.description): \(message), in \(expression)"
    }
}
