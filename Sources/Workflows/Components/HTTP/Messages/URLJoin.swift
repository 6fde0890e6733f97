internal import Expressions
internal import JSONWire
internal import Primitives

/// Puts the URL of a request together.
enum URLJoin {
    /// Joins a base and a path with exactly one slash; the base's own path is kept, an absolute path stands alone.
    ///
    /// A `?` in the path begins the query. What no URL may contain (spaces, quotes, text beyond ASCII) is
    /// percent-encoded; what is encoded already stays as it is.
    static func join(base: String, path: String) -> String {
        if base.isEmpty || path.hasPrefix("http://") || path.hasPrefix("https://") {
            return encoded(path.isEmpty ? base : path)
        }
        if path.isEmpty { return encoded(base) }
        let trimmedBase = base.hasSuffix("/") ? String(base.dropLast()) : base
        if path.hasPrefix("?") { return encoded(trimmedBase + path) }
        return encoded(trimmedBase + "/" + path.drop { $0 == "/" })
    }

    /// Adds query parameters from a map: null is left out, a list repeats its name.
    static func adding(_ params: JSONValue, to url: String) -> String {
        guard case .object(let object) = params, !object.isEmpty else { return url }
        let query = form(object)
        if query.isEmpty { return url }
        let parts = url.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        var whole = String(parts.first ?? "")
        whole +=
            whole.contains("?") ? (whole.hasSuffix("?") || whole.hasSuffix("&") ? "" : "&") : "?"
        return whole + query
    }

    /// A map as `application/x-www-form-urlencoded`: null is left out, a list repeats its name, maps are JSON.
    static func form(_ object: JSONObject) -> String {
        var pairs: [String] = []
        for member in object.members {
            let name = component(member.name)
            switch member.value {
            case .null: break
            case .array(let elements):
                for element in elements {
                    pairs.append(name + "=" + component(TextForm.text(of: element)))
                }
            default: pairs.append(name + "=" + component(TextForm.text(of: member.value)))
            }
        }
        return pairs.joined(separator: "&")
    }

    /// One name or value of a query, with everything but unreserved characters percent-encoded (RFC 3986, 2.3).
    static func component(_ text: String) -> String {
        PercentCode.component(text)
    }

    private static func encoded(_ url: String) -> String {
        PercentCode.encode(url) { byte in
            switch byte {
            case 0...32, 34, 60, 62, 92, 94, 96, 123, 124, 125, 127...255: false
            default: true
            }
        }
    }

    /// The query of a URL as a map of texts; a repeated name keeps its first value.
    static func query(of url: String) -> JSONValue {
        let whole = url.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let parts = (whole.first ?? "").split(
            separator: "?",
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        guard parts.count == 2 else { return .object(JSONObject()) }
        var object = JSONObject()
        for pair in parts[1].split(separator: "&") {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = decoded(sides.first ?? "")
            if object[name] == nil {
                object[name] = .string(sides.count == 2 ? decoded(sides[1]) : "")
            }
        }
        return .object(object)
    }

    private static func decoded(_ text: Substring) -> String {
        PercentCode.decode(Array(text.utf8).span, plusIsSpace: true)
    }
}
