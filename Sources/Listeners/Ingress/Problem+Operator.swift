internal import Documents
internal import Expressions
internal import HTTPEngine

extension Problem {
    /// Tells that a request has no key: the sender learns what is wrong with it, log and ledger also which expression names it.
    init(noKey error: KeyText.Problem, _ identifyBy: Template?) {
        self.init(status: 422, code: error.code, detail: error.message)
        guard let identifyBy, !identifyBy.written.isEmpty else { return }
        note = "`identify_by` is \(identifyBy.written)."
        place = identifyBy.references.first.map {
            "\($0.position.description) identify_by: \(identifyBy.written)"
        }
    }

    /// What the ledger is told: the detail, and what only the operator learns.
    var toldOperator: String {
        guard let note else { return detail }
        return detail.isEmpty ? note : "\(sentence) \(note)"
    }

    /// The detail as a sentence, with a capital and a full stop.
    var sentence: String {
        detail.prefix(1).uppercased() + detail.dropFirst() + (detail.hasSuffix(".") ? "" : ".")
    }
}
