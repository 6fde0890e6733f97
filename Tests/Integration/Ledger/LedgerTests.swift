import JSONWire
import TestKit
import Testing

/// Every request that reached an endpoint can be listed and shown.
@Suite struct LedgerTests {
    private let directory: TemporaryDirectory
    private let fixture: ServerFixture

    init() throws {
        directory = try TemporaryDirectory()
        fixture = try ServerFixture(LedgerBlocks.block(directory), isDurable: true)
    }

    private func done(_ key: String, _ result: String = "1") throws -> HTTPReply {
        try fixture.post("/done", #"{"id":"\#(key)","status":"done","result":\#(result)}"#)
    }

    @Test func `a delivered request is shown with its run, after a restart too`() throws {
        defer { fixture.stop() }
        let run = try fixture.wait(for: "a")
        let reply = try done("a")
        try expect(reply, .delivered)
        let shown = try fixture.request(reply, is: "delivered")
        #expect(shown["task_id"] == .string(run))
        #expect(shown["key"] == .string("a"))
        #expect(shown["endpoint"]?.string?.hasSuffix("/done") == true)
        #expect(shown["method"] == .string("POST"))
        #expect(shown["target"] == .string("/done"))
        #expect(shown["peer"] == .string("127.0.0.1"))
        #expect(shown["headers"]?["content-type"] == .string("application/json"))
        #expect(shown["body"] == .string(#"{"id":"a","status":"done","result":1}"#))
        #expect(shown["reason"] == .string("It ended a wait of the run \(run)."))
        #expect(shown["nearest_keys"] == nil)
        try fixture.restart(LedgerBlocks.block(directory))
        #expect(try fixture.request(reply, is: "delivered") == shown)
    }

    @Test func `a held request is delivered later, and the ledger says so`() throws {
        defer { fixture.stop() }
        let reply = try done("b")
        try expect(reply, .held)
        #expect(
            try fixture.request(reply, is: "held")["reason"]
                == .string("It is held: no run has waited for its key yet.")
        )
        let run = try fixture.start(#"{"key":"b"}"#, workflow: "wait")
        _ = try fixture.output(run)
        let shown = try fixture.request(reply, is: "delivered")
        #expect(
            shown["reason"]
                == .string("It was held at first, and then ended a wait of the run \(run).")
        )
    }

    @Test func `a request held in vain expires, with the nearest waiting keys`() throws {
        defer { fixture.stop() }
        let run = try fixture.wait(for: "order-2026-7")
        let reply = try fixture.post("/brief", #"{"id":"order-2026-1"}"#)
        try expect(reply, .held)
        let shown = try fixture.request(reply, is: "expired")
        #expect(
            shown["reason"] == .string("It was held, and no run waited for its key in time.")
        )
        let nearest = try #require(shown["nearest_keys"]).elements
        #expect(nearest.map { $0["key"] } == [.string("order-2026-7")])
        #expect(nearest.map { $0["task_id"] } == [.string(run)])
        let line = try fixture.lines.wait(for: "Held callback expired")
        #expect(line["request_id"] == reply.headers["x-request-id"])
    }

    @Test func `a refused request says why, and its sender is told no key of others`() throws {
        defer { fixture.stop() }
        let run = try fixture.start(#"{"key":"Secret-Order-77"}"#, workflow: "strict")
        try fixture.state(run, reaches: "waiting")
        let reply = try fixture.post("/strict", #"{"id":"secret-order-77"}"#)
        try expect(reply, .refused(404))
        #expect(!reply.text.contains("Secret-Order"))
        let shown = try fixture.request(reply, is: "rejected")
        #expect(shown["code"] == .string("no_waiter"))
        #expect(
            shown["reason"]
                == .string("No run waits for this key, and this endpoint does not hold callbacks.")
        )
        #expect(
            try #require(shown["nearest_keys"]).elements.map { $0["key"] }
                == [.string("Secret-Order-77")]
        )
    }

    @Test func `what the server refuses by itself is in the ledger, and is not replayed in part`()
        throws
    {
        defer { fixture.stop() }
        let wrong = try fixture.at(8090).get("/done")
        #expect(wrong.status == 405)
        let shown = try fixture.request(wrong, is: "rejected")
        #expect(shown["code"] == .string("method_not_allowed"))
        #expect(shown["method"] == .string("GET"))
        #expect(shown["endpoint"]?.string?.hasSuffix("/done") == true)
        #expect(shown["reason"] == .string("This path takes HEAD, POST, OPTIONS."))
        let large = try fixture.post("/small", #"{"id":"\#(String(repeating: "x", count: 100))"}"#)
        #expect(large.status == 413)
        #expect(try fixture.request(large, is: "rejected")["code"] == .string("body_too_large"))
        let id = try #require(large.headers["x-request-id"])
        let replayed = try fixture.replay(id, #"{"accept_unverified":true}"#)
        #expect(replayed["code"] == .string("request_cut"))
        let listed = try fixture.asked("/ledger?status=rejected")["requests"]
        #expect(listed?.elements.count == 2)
    }

    @Test(arguments: [
        (#"{"status":"done"}"#, "key_missing"),
        ("{", "body_unparseable"),
        (#"{"id":{}}"#, "key_invalid"),
    ])
    func `what is no callback is in the ledger too`(_ body: String, _ code: String) throws {
        defer { fixture.stop() }
        let reply = try fixture.post("/done", body)
        let shown = try fixture.request(reply, is: "rejected")
        #expect(shown["code"] == .string(code))
        #expect(shown["body"] == .string(body))
    }

    @Test func `repeats, progress, bulk and triggers have their own words`() throws {
        defer { fixture.stop() }
        let run = try triggered(fixture.post("/go", #"{"key":"c"}"#, on: 8091))
        try fixture.state(run, reaches: "waiting")
        let progress = try fixture.post("/done", #"{"id":"c","status":"working"}"#)
        #expect(try fixture.request(progress, is: "progress")["key"] == .string("c"))
        try expect(done("c"), .delivered)
        let repeated = try done("c")
        try expect(repeated, .duplicate)
        let again = try fixture.request(repeated, is: "duplicate")
        #expect(again["key"] == .string("c"))
        let first = try #require(
            fixture.asked("/ledger?status=delivered")["requests"]?.elements.first?["request_id"]
        )
        #expect(again["duplicate_of"] == first)
        #expect(try again["reason"] == .string("duplicate of \(#require(first.string))"))
        let repeats = try fixture.asked("/ledger?status=duplicate")["requests"]?.elements ?? []
        #expect(repeats.map { $0["note"] } == [again["reason"]])
        let other = try done("c", "2")
        try expect(other, .refused(409))
        #expect(try fixture.request(other, is: "rejected")["key"] == .string("c"))
        let bulk = try fixture.post("/many", #"[{"id":"x"},{"id":"y"}]"#)
        #expect(try fixture.request(bulk, is: "bulk")["reason"] == .string("2 accepted"))
        let mixed = try fixture.post("/many", #"[{"id":"z"},{},{"id":[]},{"id":"z2"},{}]"#)
        let refusing = try fixture.request(mixed, is: "bulk")
        #expect(refusing["reason"] == .string("2 accepted, 3 refused (key_missing, key_invalid)"))
        #expect(
            (refusing["rejected"]?.elements ?? []).map {
                "\($0["index"]?.jsonText ?? "") \($0["code"]?.string ?? "")"
            }
                == ["1 key_missing", "2 key_invalid", "4 key_missing"]
        )
        let wholly = try fixture.post("/many", "[{},{}]")
        let refused = try fixture.request(wholly, is: "rejected")
        #expect(refused["rejected"]?.elements.count == 2)
        #expect(refused["reason"]?.string?.contains("\n") == false)
        let notes = try fixture.asked("/ledger?status=bulk,rejected")["requests"]?.elements ?? []
        #expect(notes.allSatisfy { $0["note"]?.string?.contains("\n") != true })
        let list = try fixture.asked("/ledger?status=triggered")["requests"]?.elements ?? []
        #expect(list.map { $0["note"] } == [.string("started \(run)")])
    }

    @Test func `a list is filtered, and comes in pages`() throws {
        defer { fixture.stop() }
        let ids = try (0..<5).map { index in
            try #require(try done("p-\(index)").headers["x-request-id"])
        }
        for id in ids { _ = try fixture.request(id, is: "held") }
        let strict = try fixture.post("/strict", #"{"id":"p-1"}"#)
        _ = try fixture.request(strict, is: "rejected")
        func list(_ query: String) throws -> [String] {
            try (fixture.asked("/ledger?\(query)")["requests"]?.elements ?? [])
                .compactMap { $0["request_id"]?.string }
        }
        let refused = try #require(strict.headers["x-request-id"])
        #expect(try list("status=held") == ids.reversed())
        #expect(try list("status=rejected&since=10m") == [refused])
        #expect(try list("endpoint=/strict") == [refused])
        #expect(try list("key=p-1") == [refused, ids[1]])
        #expect(try list("until=10m") == [])
        #expect(try list("since=2100-01-01T00:00:00Z") == [])
        let first = try fixture.asked("/ledger?limit=4")
        #expect(first["requests"]?.elements.count == 4)
        let cursor = try #require(first["next_cursor"]?.string)
        #expect(try list("limit=4&cursor=\(cursor)") == [ids[1], ids[0]])
    }

    @Test func `secrets are hashes, equal for equal ones`() throws {
        defer { fixture.stop() }
        func sent(_ secret: String, _ key: String) throws -> JSONValue {
            let reply = try fixture.post(
                "/done?token=\(secret)&n=1",
                #"{"id":"\#(key)","status":"done"}"#,
                headers: [
                    ("Authorization", "Bearer \(secret)"), ("X-Hub-Signature-256", secret),
                    ("X-Kind", "plain"),
                ]
            )
            let shown = try fixture.request(reply, is: "held")
            #expect(!shown.jsonText.contains(secret))
            return shown
        }
        let first = try sent("hunter2-hunter2", "s-1")
        let same = try sent("hunter2-hunter2", "s-2")
        let other = try sent("hunter3-hunter3", "s-3")
        for name in ["authorization", "x-hub-signature-256"] {
            let hash = try #require(first["headers"]?[name]?.string)
            #expect(hash.hasPrefix("hash:"))
            #expect(same["headers"]?[name]?.string == hash)
            #expect(other["headers"]?[name]?.string != hash)
        }
        #expect(first["headers"]?["x-kind"] == .string("plain"))
        let target = try #require(first["target"]?.string)
        #expect(target.hasPrefix("/done?token=hash:") && target.hasSuffix("&n=1"))
        #expect(same["target"]?.string == target)
        #expect(other["target"]?.string != target)
    }

    @Test(arguments: [
        (
            "/ledger?status=lost",
            "`lost` is not a status of requests; there are delivered, held, progress, duplicate, "
                + "triggered, bulk, rejected, expired, handshake."
        ),
        (
            "/ledger?since=soon",
            "`since` must be a time such as 2026-11-21T10:00:00Z, or how long ago it was, such as 10m."
        ),
        (
            "/ledger?until=5",
            "`until` must be a time such as 2026-11-21T10:00:00Z, or how long ago it was, such as 10m."
        ),
        ("/ledger?limit=0", "`limit` must be 1 to 1000."),
        ("/ledger?cursor=x", "`cursor` must be the `next_cursor` of a page."),
        ("/ledger?task_id=x", "`task_id` must be the id of a run."),
        (
            "/ledger?run=x",
            "Unknown parameter `run`; known are status, endpoint, since, until, key, task_id, limit, cursor."
        ),
        ("/explain", "`key` must have 1 to 1024 bytes."),
        ("/explain?key=a&chanel=b", "Unknown parameter `chanel`; known are key, channel."),
        ("/explain?key=a&channel=b", "There is no channel `b`; the channels are default, strict."),
    ])
    func `a wrong question is told what is wrong`(_ target: String, _ detail: String) throws {
        defer { fixture.stop() }
        let reply = try fixture.at(8088).get(target)
        try expect(reply, .refused(422))
        #expect(try JSONValue.parse(reply.body)["detail"] == .string(detail))
    }

    @Test(arguments: ["x", "01a1fd8c-6900-7c3e-8b1d-5f0a9c2e7d41"])
    func `a request that never came is unknown`(_ id: String) throws {
        defer { fixture.stop() }
        let reply = try fixture.at(8088).get("/ledger/\(id)")
        try expect(reply, .refused(404))
        #expect(try JSONValue.parse(reply.body)["code"] == .string("request_unknown"))
    }
}
