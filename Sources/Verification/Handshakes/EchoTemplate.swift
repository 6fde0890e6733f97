internal import JSONWire
internal import Security

/// Text of an answer with parts of the request in it, and message codes of them: `{hmac-sha256-hex:query.crc_token}`.
struct EchoTemplate: Sendable, Hashable {
    /// One piece.
    enum Piece: Sendable, Hashable {
        /// Text as it stands.
        case literal(String)
        /// A part of the request.
        case reference(RequestReference)
        /// The code of a part of the request, by the verifier's newest secret.
        case code(DigestAlgorithm, TextEncoding, RequestReference)
    }

    /// The pieces, in order.
    let pieces: [Piece]

    /// What it refers to.
    var references: [RequestReference] {
        pieces.compactMap { piece in
            switch piece {
            case .literal: nil
            case .reference(let reference), .code(_, _, let reference): reference
            }
        }
    }

    /// Whether it needs a secret.
    var needsSecret: Bool {
        pieces.contains { if case .code = $0 { true } else { false } }
    }

    /// Reads a template; nil where a brace is not closed or names nothing.
    init?(_ text: String) {
        var pieces: [Piece] = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "{") {
            guard let end = rest[open...].firstIndex(of: "}"),
                let piece = Self.piece(rest[rest.index(after: open)..<end])
            else { return nil }
            if open > rest.startIndex { pieces.append(.literal(String(rest[..<open]))) }
            pieces.append(piece)
            rest = rest[rest.index(after: end)...]
        }
        if !rest.isEmpty { pieces.append(.literal(String(rest))) }
        self.pieces = pieces
    }

    private static func piece(_ text: Substring) -> Piece? {
        guard text.hasPrefix("hmac-"), let colon = text.firstIndex(of: ":") else {
            return RequestReference(String(text)).map(Piece.reference)
        }
        let words = text[..<colon].split(separator: "-")
        guard words.count == 3, let digest = DigestAlgorithm(rawValue: String(words[1])),
            let encoding = TextEncoding(rawValue: String(words[2])),
            let reference = RequestReference(String(text[text.index(after: colon)...]))
        else { return nil }
        return .code(digest, encoding, reference)
    }

    /// The text for a request; what the request does not have is empty.
    func text(
        _ context: inout CheckContext,
        _ source: BodySource,
        _ secret: [UInt8]?
    ) throws(VerificationRefusal) -> String {
        var text = ""
        for piece in pieces {
            switch piece {
            case .literal(let literal): text += literal
            case .reference(let reference): text += try reference.text(&context, source) ?? ""
            case .code(let digest, let encoding, let reference):
                guard let secret else { throw .keysExpired }
                let part = try reference.text(&context, source) ?? ""
                text += encoding.text(of: MessageCode.of(Array(part.utf8), key: secret, by: digest))
            }
        }
        return text
    }
}

/// A JSON value of an answer whose texts are templates.
indirect enum EchoTree: Sendable {
    case constant(JSONValue)
    case text(EchoTemplate)
    case list([EchoTree])
    case map([(name: String, value: EchoTree)])

    /// Reads a tree; nil where a text is no template.
    init?(_ value: JSONValue) {
        switch value {
        case .string(let text):
            guard let template = EchoTemplate(text) else { return nil }
            self = .text(template)
        case .array(let elements):
            let trees = elements.compactMap(EchoTree.init)
            guard trees.count == elements.count else { return nil }
            self = .list(trees)
        case .object(let object):
            var members: [(name: String, value: EchoTree)] = []
            for member in object.members {
                guard let tree = EchoTree(member.value) else { return nil }
                members.append((member.name, tree))
            }
            self = .map(members)
        default: self = .constant(value)
        }
    }

    /// Whether it needs a secret.
    var needsSecret: Bool {
        switch self {
        case .constant: false
        case .text(let template): template.needsSecret
        case .list(let trees): trees.contains(where: \.needsSecret)
        case .map(let members): members.contains(where: \.value.needsSecret)
        }
    }

    /// The value for a request.
    func value(
        _ context: inout CheckContext,
        _ source: BodySource,
        _ secret: [UInt8]?
    ) throws(VerificationRefusal) -> JSONValue {
        switch self {
        case .constant(let value): return value
        case .text(let template): return .string(try template.text(&context, source, secret))
        case .list(let trees):
            var elements: [JSONValue] = []
            for tree in trees { elements.append(try tree.value(&context, source, secret)) }
            return .array(elements)
        case .map(let members):
            var object = JSONObject()
            for member in members {
                object[member.name] = try member.value.value(&context, source, secret)
            }
            return .object(object)
        }
    }
}
