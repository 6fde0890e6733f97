import JSONWire
import TestKit
import Testing

/// A durable server with endpoints of every kind, and what its controller says of requests.
enum LedgerBlocks {
    /// `durability` is a further key of `store:`.
    static func block(_ directory: TemporaryDirectory, store: String = "") -> Block {
        Block(
            text: #"""
                store: { path: "\#(directory.path("store"))"\#(store) }
                controller: { adapter: { type: http-server, host: 127.0.0.1, port: 8088 } }
                listeners:
                  - type: http-callback
                    host: 127.0.0.1
                    port: 8090
                    callbacks:
                      - { path: /done, identify_by: "${body.id}", status: "${body.status}",
                          success_when: [done], fail_when: [failed], result: "${body.result}" }
                      - { path: /strict, channel: strict, unmatched: reject, identify_by: "${body.id}" }
                      - { path: /brief, hold_for: 300ms, identify_by: "${body.id}" }
                      - { path: /small, max_body_size: 64, identify_by: "${body.id}" }
                      - { path: /many, bulk: true, identify_by: "${item.id}" }
                  - { type: http-trigger, host: 127.0.0.1, port: 8091, path: /go, workflow: wait, input: "${body}" }
                workflows:
                  - id: wait
                    jobs: [ { id: hold on, type: wait, wait_for: "${input.key}", timeout: 60s } ]
                  - id: brief
                    jobs: [ { id: hold on, type: wait, wait_for: "${input.key}", timeout: 300ms } ]
                  - id: strict
                    jobs: [ { id: hold on, type: wait, wait_for: "${input.key}", channel: strict, timeout: 60s } ]
                """#
        )
    }
}

extension ServerFixture {
    /// What the controller answers to a question, as JSON; it must be a success.
    func asked(_ target: String) throws -> JSONValue {
        let reply = try at(8088).get(target)
        try #require(reply.status == 200, "\(reply.text)")
        return try JSONValue.parse(reply.body)
    }

    /// A request of the ledger, once it is there and has a status.
    func request(_ reply: HTTPReply, is status: String) throws -> JSONValue {
        let id = try #require(reply.headers["x-request-id"])
        return try request(id, is: status)
    }

    /// A request of the ledger by its id, once it is there and has a status.
    func request(_ id: String, is status: String) throws -> JSONValue {
        var seen = JSONValue.null
        try eventually("the request \(id) to be \(status)") {
            seen = try JSONValue.parse(at(8088).get("/ledger/\(id)").body)
            return seen["status"]?.string == status
        }
        return seen
    }

    /// Has a request handled again, and gives what became of that.
    func replay(_ id: String, _ body: String = "{}") throws -> JSONValue {
        try JSONValue.parse(post("/ledger/\(id)/replay", body, on: 8088).body)
    }
}

extension JSONValue {
    /// The elements of a list; none where it is none.
    var elements: [JSONValue] { if case .array(let all) = self { all } else { [] } }
}
