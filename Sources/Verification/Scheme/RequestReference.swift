internal import JSONWire

/// A part of a request that a scheme names: `{header.X}`, `{body.data.id}`, `{timestamp}`.
enum RequestReference: Sendable, Hashable {
    /// The id that the scheme tells requests by.
    case id
    /// The time of signing, as it was sent.
    case timestamp
    /// The whole body, as it came.
    case body
    /// The URL that the sender called.
    case url
    /// The method.
    case method
    /// The path as it was sent.
    case path
    /// The query as it was sent, without the question mark.
    case rawQuery
    /// A header field: the first of these names that a request has.
    case header([HeaderName])
    /// A part of a JSON body.
    case member(JSONPath)
    /// A part of the item of a JSON body that is looked at.
    case item(JSONPath)
    /// A field of a form.
    case form(String)
    /// A parameter of the query.
    case query(String)
    /// A part of the signature's header: `t` of `t=1,v1=…`.
    case part(String)
    /// The token that the configuration has for a handshake.
    case verifyToken

    /// Reads what stands between the braces; nil where it names nothing.
    init?(_ text: String) {
        switch text {
        case "id": self = .id
        case "timestamp": self = .timestamp
        case "body": self = .body
        case "url": self = .url
        case "method": self = .method
        case "path": self = .path
        case "query": self = .rawQuery
        case "verify_token": self = .verifyToken
        default:
            guard let found = Self.named(text) else { return nil }
            self = found
        }
    }

    private static func named(_ text: String) -> RequestReference? {
        let word = text.prefix { $0 != "." && $0 != "[" }
        let rest = text[word.endIndex...]
        let name = String(rest.dropFirst())
        switch word {
        case "body", "item":
            guard let path = JSONPath(rest), !path.steps.isEmpty else { return nil }
            return word == "body" ? .member(path) : .item(path)
        case "header" where rest.first == ".": return header(name)
        case "form" where rest.first == "." && !name.isEmpty: return .form(name)
        case "query" where rest.first == "." && !name.isEmpty: return .query(name)
        case "part" where rest.first == "." && !name.isEmpty: return .part(name)
        default: return nil
        }
    }

    /// A header field by its name, or the first of several: `svix-id|webhook-id`; nil for what is no name.
    static func header(_ text: String) -> RequestReference? {
        let names = text.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        guard names.count <= 4, names.allSatisfy(HeaderName.isToken) else { return nil }
        return .header(names.map(HeaderName.init))
    }

    /// What may stand between braces, for messages.
    static let forms =
        "{id}, {timestamp}, {body}, {url}, {method}, {path}, {query}, {header.NAME}, {body.PATH}, "
        + "{item.PATH}, {form.NAME}, {query.NAME} or {part.NAME}"

    /// Whether the body has to be read as JSON or as a form for it.
    var readsBody: Bool {
        switch self {
        case .member, .item, .form: true
        default: false
        }
    }

    /// The header fields it may be read from.
    var fieldNames: [HeaderName] { if case .header(let names) = self { names } else { [] } }

    /// Whether it needs the body at all.
    var needsBody: Bool { readsBody || self == .body }

    /// The text it stands for; nil where the request does not have it.
    ///
    /// Not for `{id}`, `{timestamp}`, `{part.…}` and the whole body, which the check itself knows.
    ///
    /// - Throws: ``VerificationRefusal`` where the body cannot be read, or a header came more than once.
    func text(
        _ context: inout CheckContext,
        _ body: BodySource,
        item: JSONValue? = nil,
        url: String? = nil
    ) throws(VerificationRefusal) -> String? {
        switch self {
        case .header(let names):
            guard names.contains(where: { context.request.value(of: $0) != nil }) else {
                return nil
            }
            return String(decoding: try context.request.only(names), as: UTF8.self)
        case .member(let path): return path.text(in: try context.json(body))
        case .item(let path): return item.flatMap { path.text(in: $0) }
        case .form(let name):
            let pairs = try context.form(body).filter { $0.name == name }
            guard pairs.count < 2 else { throw .malformed("form", "one with a single \(name)") }
            return pairs.first?.value
        case .query(let name): return context.request.query(name)
        case .url: return context.request.url(configured: url)
        case .method: return context.request.method
        case .path: return String(context.request.path)
        case .rawQuery: return context.request.query.map(String.init)
        case .id, .timestamp, .body, .part, .verifyToken: return nil
        }
    }

    /// What it is called in a sentence: `header x-signature`.
    var place: String {
        switch self {
        case .id: "id"
        case .timestamp: "timestamp"
        case .body: "body"
        case .url: "URL"
        case .method: "method"
        case .path: "path"
        case .rawQuery: "query"
        case .header(let names): "header \(names.map(\.text).joined(separator: " or "))"
        case .member, .item: "field of the body"
        case .form(let name): "form field \(name)"
        case .query(let name): "query parameter \(name)"
        case .part(let name): "part \(name) of the signature header"
        case .verifyToken: "verify_token"
        }
    }
}
