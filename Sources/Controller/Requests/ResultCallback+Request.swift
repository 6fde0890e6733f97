internal import HTTPEngine
internal import JSONWire
internal import Listeners
internal import Outbound
internal import Primitives
internal import Store

/// Reading where a result is sent from the request that starts a run.
extension ResultCallback {
    private static let urlBytesMax = 2048
    private static let headersMax = 32
    private static let headerBytesMax = 4096
    /// The fields that are ours to set.
    private static let own = [
        "host", "connection", "content-length", "content-type", "transfer-encoding", "expect",
        "webhook-id", "webhook-timestamp", "webhook-signature",
    ]

    /// Reads the members of a request; nil where it wants nothing sent.
    ///
    /// - Throws: 422 for a URL that is none, and for header fields that cannot be sent or are ours.
    init?(_ object: JSONObject) throws(Problem) {
        guard let value = object["callback_url"], !value.isNull else {
            if let headers = object["callback_headers"], !headers.isNull {
                throw Self.invalid("`callback_headers` needs `callback_url`.")
            }
            return nil
        }
        guard case .string(let text) = value, text.utf8.count <= Self.urlBytesMax else {
            throw Self.invalid(
                "`callback_url` must be a string of at most \(Self.urlBytesMax) bytes."
            )
        }
        let host: String
        do throws(OutboundError) {
            let parts = try URLParts(parsing: text)
            guard ["http", "https"].contains(parts.scheme) else {
                throw OutboundError.invalidURL("it is neither http nor https")
            }
            host = parts.host
        } catch {
            throw Self.invalid("`callback_url`: \(error.message).")
        }
        let headers = try Self.headers(object["callback_headers"] ?? .null)
        self.init(url: text, host: host, headers: headers)
    }

    private static func headers(
        _ value: JSONValue
    ) throws(Problem) -> [(name: String, value: String)] {
        if value.isNull { return [] }
        guard case .object(let object) = value, object.count <= headersMax else {
            throw invalid("`callback_headers` must be an object of at most \(headersMax) strings.")
        }
        var headers: [(name: String, value: String)] = []
        for member in object.members {
            guard case .string(let text) = member.value, text.utf8.count <= headerBytesMax,
                text.utf8.allSatisfy({ $0 >= 32 && $0 != 127 || $0 == 9 }), isToken(member.name)
            else { throw invalid("`callback_headers` has a field that cannot be sent.") }
            if own.contains(member.name.lowercased()) {
                throw invalid("`callback_headers` may not set \(member.name.lowercased()).")
            }
            headers.append((member.name, text))
        }
        return headers
    }

    /// Whether a name is a token (RFC 9110, 5.6.2).
    private static func isToken(_ name: String) -> Bool {
        let signs = "!#$%&'*+-.^_`|~".utf8
        return !name.isEmpty && name.utf8.count <= 128
            && name.utf8.allSatisfy { byte in
                switch byte {
                case 48...57, 65...90, 97...122: true
                default: signs.contains(byte)
                }
            }
    }

    private static func invalid(_ detail: String) -> Problem {
        Problem(status: 422, code: .inputInvalid, detail: detail.sentence)
    }
}
