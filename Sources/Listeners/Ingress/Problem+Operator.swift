internal import Documents
internal import Expressions
internal import HTTPEngine

extension Problem {
    /// Tells that a request has no key: the sender learns what is wrong with it, log and ledger also which expression names it.
    init(noKey error: KeyText.Problem, _ identifyBy: Template?) {
        self.init(status: 422, code: error.code, detail: error.message.sentence)
        guard let identifyBy, !identifyBy.written.isEmpty else { return }
        note = "`identify_by` is \(identifyBy.written)."
        place = identifyBy.references.first.map {
            "\($0.position.description) identify_by: \(identifyBy.written)"
        }
    }

    /// What the ledger is told: the detail, and what only the operator learns.
    var toldOperator: String {
        guard let note else { return detail }
        return detail.isEmpty ? note : "\(detail) \(note)"
    }
}

extension String {
    /// A sentence as a part of another: without its capital and its full stop.
    package var clause: String {
        let word = prefix { $0 != " " }
        let isPlain = word.dropFirst().allSatisfy(\.isLowercase)
        let body = hasSuffix(".") ? dropLast() : self[...]
        return isPlain ? body.prefix(1).lowercased() + body.dropFirst() : String(body)
    }

    /// The text as a sentence, with a capital and one full stop; empty text stays empty.
    package var sentence: String {
        guard !isEmpty else { return self }
        let body = hasSuffix("..") && !hasSuffix("...") ? dropLast() : self[...]
        let isWord = body.prefix { $0 != " " }.allSatisfy { $0.isLetter || $0 == "'" }
        let start = isWord ? body.prefix(1).uppercased() : String(body.prefix(1))
        return start + body.dropFirst() + (body.hasSuffix(".") ? "" : ".")
    }
}
