/// What a scheme signs: literal text and parts of the request, in their order.
///
/// Written as text with `{…}` or `${…}` in it; `{{` and `}}` are braces.
struct SignTemplate: Sendable, Hashable {
    /// One piece.
    enum Piece: Sendable, Hashable {
        /// Bytes as they stand.
        case literal([UInt8])
        /// A part of the request.
        case reference(RequestReference)
    }

    /// Why a text is no template.
    struct Mistake: Error {
        /// What is wrong, as the rest of a diagnostic.
        let message: String
    }

    /// The pieces, in order.
    let pieces: [Piece]

    /// The whole body and nothing else.
    static let body = SignTemplate(pieces: [.reference(.body)])

    private init(pieces: [Piece]) {
        self.pieces = pieces
    }

    /// Reads a template.
    ///
    /// - Throws: ``Mistake`` where a brace is not closed, or what stands in it names nothing.
    init(_ text: String) throws(Mistake) {
        var pieces: [Piece] = []
        var literal: [UInt8] = []
        var rest = text[...]
        while let first = rest.first {
            if rest.hasPrefix("{{") || rest.hasPrefix("}}") {
                literal += Array(String(first).utf8)
                rest = rest.dropFirst(2)
            } else if rest.hasPrefix("{") || rest.hasPrefix("${") {
                guard let open = rest.firstIndex(of: "{"), let end = rest.firstIndex(of: "}") else {
                    throw Mistake(message: "a brace is not closed")
                }
                let name = String(rest[rest.index(after: open)..<end])
                guard let reference = RequestReference(name) else {
                    throw Mistake(
                        message: "`{\(name)}` names nothing; expected \(RequestReference.forms)"
                    )
                }
                if !literal.isEmpty { pieces.append(.literal(literal)) }
                literal = []
                pieces.append(.reference(reference))
                rest = rest[rest.index(after: end)...]
            } else {
                literal += Array(String(first).utf8)
                rest = rest.dropFirst()
            }
        }
        if !literal.isEmpty { pieces.append(.literal(literal)) }
        self.pieces = pieces
    }

    /// The only reference, where the template is nothing but one.
    var reference: RequestReference? {
        guard pieces.count == 1, case .reference(let reference) = pieces[0] else { return nil }
        return reference
    }

    /// Everything it refers to.
    var references: [RequestReference] {
        pieces.compactMap { if case .reference(let reference) = $0 { reference } else { nil } }
    }
}
