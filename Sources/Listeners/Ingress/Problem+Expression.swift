internal import Documents
internal import Expressions
internal import HTTPEngine
internal import Primitives

extension Problem {
    /// Tells the sender that an expression of the endpoint fails on its request, and the log where that is written.
    init(failed error: EvaluationError) {
        self.init(status: 422, code: .expressionFailed, detail: error.message.sentence)
        place =
            error.expression.isEmpty
            ? error.position.description : "\(error.position.description) \(error.expression)"
    }
}
