internal import Expressions
internal import HTTPWire
internal import JSONWire
internal import Listeners

/// A recorded callback as it is sent: its expressions evaluated against the request that causes it.
struct SentCallback {
    /// The path it is sent to, percent-encoded: of `path`, else of its URL; nil where neither is written.
    let path: [UInt8]?
    /// The pairs of its query: those of its URL, then those of `query`.
    let query: [(name: String, value: String)]
    /// Its header fields.
    let headers: [(name: String, value: String)]
    /// Its body; null for none.
    let body: JSONValue

    /// Evaluates what is written.
    ///
    /// - Parameters:
    ///   - callback: What is written.
    ///   - cause: What its expressions see.
    /// - Throws: What an expression cannot yield; a `url` that yields no text has no path.
    init(
        _ callback: RehearsalScript.Callback,
        _ cause: ListenerScope
    ) throws(EvaluationError) {
        let url = try callback.url?.evaluate(cause).string
        let parts = url.map(Self.parts)
        let written = try callback.path?.evaluate(cause)
        path =
            written.map { PathText.path(ofTarget: TextForm.text(of: $0)) }
            ?? parts.map { Array($0.path.utf8) }
        let further = try callback.query?.evaluate(cause) ?? .null
        query = (parts?.query ?? []) + Self.pairs(further)
        headers = Self.pairs(try callback.headers?.evaluate(cause) ?? .null)
        body = try callback.body?.evaluate(cause) ?? .null
    }

    /// The path and the query of a URL: `https://host/done?run=1`, or `/done?run=1` alone.
    private static func parts(
        _ url: String
    ) -> (path: String, query: [(name: String, value: String)]) {
        var rest = url.prefix { $0 != "#" }
        if let scheme = rest.firstRange(of: "://") {
            rest = rest[scheme.upperBound...].drop { $0 != "/" && $0 != "?" }
        }
        let path = rest.prefix { $0 != "?" }
        let query = rest.dropFirst(path.count + 1)
        return (path.isEmpty ? "/" : String(path), FormText.pairs(Array(query.utf8).span))
    }

    /// A map as pairs: a list repeats its name, null is left out.
    private static func pairs(_ value: JSONValue) -> [(name: String, value: String)] {
        guard case .object(let object) = value else { return [] }
        return object.members.flatMap { member -> [(name: String, value: String)] in
            let values: [JSONValue] =
                if case .array(let list) = member.value { list } else { [member.value] }
            return values.filter { !$0.isNull }.map { (member.name, TextForm.text(of: $0)) }
        }
    }
}
