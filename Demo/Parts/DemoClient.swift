internal import JSONWire
internal import Outbound
internal import Primitives

/// Requests with JSON, each waited for.
struct DemoClient: Sendable {
    /// An answer.
    struct Reply {
        /// The status.
        let status: Int
        /// The JSON of its body.
        let body: JSONValue
    }

    /// What stands before every path: `http://127.0.0.1:8088`; empty where whole URLs are given.
    let base: String
    private let client: BlockingClient

    /// Starts a client.
    init(base: String = "") throws {
        self.base = base
        client = try BlockingClient(userAgent: "sluice-demo")
    }

    /// Reads what is at a path.
    func get(_ path: String) throws -> Reply {
        try send(OutboundRequest(url: base + path, timeout: .seconds(30)))
    }

    /// Posts JSON to a path.
    func post(_ path: String, _ body: JSONValue) throws -> Reply {
        try send(
            OutboundRequest(
                method: "POST",
                url: base + path,
                headers: [("Content-Type", "application/json")],
                body: body.jsonBytes,
                timeout: .seconds(30)
            )
        )
    }

    private func send(_ request: OutboundRequest) throws -> Reply {
        let response = try client.send(request)
        return Reply(status: response.status, body: try JSONValue.parse(response.body))
    }
}
