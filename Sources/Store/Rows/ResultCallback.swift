internal import JSONWire

/// Where the starter of a run wants its result sent: `callback_url` and `callback_headers`.
///
/// Both may hold secrets: neither is ever shown.
package struct ResultCallback: Sendable {
    /// The URL.
    package let url: String
    /// Its host, for the log.
    package let host: String
    /// Further header fields.
    package let headers: [(name: String, value: String)]

    /// Names where a result goes.
    package init(url: String, host: String, headers: [(name: String, value: String)]) {
        self.url = url
        self.host = host
        self.headers = headers
    }

    /// The callback as the journal keeps it.
    var value: JSONValue {
        .object([
            "url": .string(url), "host": .string(host),
            "headers": .array(headers.map { .array([.string($0.name), .string($0.value)]) }),
        ])
    }

    /// Reads a callback from the journal; nil where there is none.
    init?(value: JSONValue) {
        guard let url = value["url"]?.string, let host = value["host"]?.string else { return nil }
        self.url = url
        self.host = host
        var headers: [(name: String, value: String)] = []
        if case .array(let pairs)? = value["headers"] {
            for case .array(let pair) in pairs where pair.count == 2 {
                guard let name = pair[0].string, let text = pair[1].string else { continue }
                headers.append((name, text))
            }
        }
        self.headers = headers
    }
}
