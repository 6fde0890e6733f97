import JSONWire
import TestKit
import Testing

/// The commands for the ledger against a service that answers as the controller does.
@Suite struct LedgerCommandTests {
    private static let id = "01a1fd8c-6900-7c3e-8b1d-5f0a9c2e7d41"
    private static let other = "01a1fd8c-6900-7c3e-8b1d-5f0a9c2e7d42"
    private static let line = line(key: "a-1")

    private static func line(key: String) -> String {
        """
        {"request_id":"\(id)","time":"2026-01-01T00:00:00.000Z","status":"rejected",
        "endpoint":"POST :8090/done","code":"no_waiter","note":"nobody waits for this key","key":"\(key)",
        "body_bytes":12}
        """
    }

    private func sluice(_ arguments: [String], _ service: ScriptedService) throws -> Sluice {
        try Sluice(arguments + ["--url", "\(service.url)/api"])
    }

    @Test func `a list is a table, and asks for what is wanted`() throws {
        let service = try ScriptedService { _ in
            .json(200, #"{"requests":[\#(Self.line)],"next_cursor":"abc"}"#)
        }
        let result = try sluice(
            [
                "ledger", "list", "--status", "rejected", "--since", "10m", "--endpoint", "/done",
                "--key", "a 1", "--run", Self.other, "--limit", "1",
            ],
            service
        )
        #expect(result.status == .exited(0), "\(result.errors)")
        let lines = result.output.split(separator: "\n")
        #expect(lines[0].hasPrefix("REQUEST  "))
        #expect(lines[0].hasSuffix("ENDPOINT         KEY  NOTE"))
        #expect(
            lines[1].hasSuffix("rejected  POST :8090/done  a-1  nobody waits for this key")
        )
        #expect(lines[2] == "There are more: --cursor abc")
        #expect(
            service.requests.first?.target
                == "/api/ledger?status=rejected&endpoint=%2Fdone&since=10m&key=a%201"
                + "&task_id=\(Self.other)&limit=1"
        )
        let none = try ScriptedService { _ in .json(200, #"{"requests":[]}"#) }
        #expect(try sluice(["ledger", "list"], none).output == "There are no such requests.")
    }

    /// A key as a sender may choose it: a title for the terminal, a line of its own, a right-to-left override.
    private static let evil = #"evil\u001b]0;pwned\u0007\r\nFAKE  delivered\u202e\u009b2J"#

    @Test func `what senders write cannot steer the terminal`() throws {
        let line = Self.line(key: Self.evil)
        let shown = #"evil\u001b]0;pwned\u0007\r\nFAKE  delivered\u202e\u009b2J"#
        let list = try ScriptedService { _ in .json(200, #"{"requests":[\#(line)]}"#) }
        let table = try sluice(["ledger", "list"], list).output
        #expect(table.split(separator: "\n").count == 2)
        #expect(table.contains(shown), "\(table)")
        let one = try ScriptedService { _ in
            .json(
                200,
                #"""
                {"request_id":"\#(Self.id)","key":"\#(Self.evil)","reason":"\#(Self.evil)","body_bytes":9,
                "headers":{"x-\#(Self.evil)":"\#(Self.evil)"},"nearest_keys":[{"key":"\#(Self.evil)"}],
                "body":"a\nb\tc\r\u001b[2J"}
                """#
            )
        }
        let full = try sluice(["ledger", "show", Self.id], one).output
        #expect(full.contains("key       \(shown)"), "\(full)")
        #expect(full.contains("  x-\(shown): \(shown)"))
        #expect(full.hasSuffix("a\nb\tc\\r\\u001b[2J"))
        let explained = try ScriptedService { _ in
            .json(
                200,
                #"""
                {"key":"\#(Self.evil)","explanation":"\#(Self.evil)","waits":[{"channels":["\#(Self.evil)"],
                "step":"\#(Self.evil)"}],"held":[{"endpoint":"\#(Self.evil)"}],"requests":[{"code":"\#(Self.evil)"}]}
                """#
            )
        }
        let told = try sluice(["explain", "k"], explained).output
        for text in [table, full, told] {
            #expect(
                text.unicodeScalars.allSatisfy {
                    $0.value >= 0x20 && $0 != "\u{202e}" && !(0x7F..<0xA0).contains($0.value)
                        || $0 == "\n" || $0 == "\t"
                },
                "\(text)"
            )
        }
        // What programs read stays as it came.
        let json = try sluice(["explain", "k", "--json"], explained).json
        #expect(json["key"]?.string == "evil\u{1b}]0;pwned\u{7}\r\nFAKE  delivered\u{202e}\u{9b}2J")
    }

    @Test func `a request is shown with its reason, headers and body`() throws {
        let service = try ScriptedService { _ in
            .json(
                200,
                """
                {"request_id":"\(Self.id)","status":"rejected","endpoint":"POST :8090/done","code":"no_waiter",
                "reason":"nobody waits for this key","key":"a-1","body_bytes":12,"body":"{\\"id\\":\\"a-1\\"}",
                "headers":{"authorization":"hash:00ff"},"nearest_keys":[{"key":"a-2","task_id":"t"}]}
                """
            )
        }
        let result = try sluice(["ledger", "show", Self.id], service)
        #expect(service.requests.first?.target == "/api/ledger/\(Self.id)")
        for line in [
            "status    rejected", "reason    nobody waits for this key", "nearest   a-2",
            "  authorization: hash:00ff", "body (12 bytes)", #"  "id": "a-1""#,
        ] { #expect(result.output.contains(line), "\(result.output)") }
        let json = try sluice(["ledger", "show", Self.id, "--json"], service).json
        #expect(json["key"]?.string == "a-1")
        #expect(json["body"]?.string == #"{"id":"a-1"}"#)
    }

    @Test(arguments: [
        (#"{"state":"verified","verifier":"github"}"#, "verified by github"),
        (
            #"{"state":"refused","verifier":"partner","reason":"too_old"}"#,
            "refused: too_old (partner)"
        ),
        (
            #"{"state":"accepted_unverified","verifier":"stripe"}"#,
            "accepted unverified, in a replay (stripe)"
        ),
        (#"{"state":"handshake","verifier":"slack"}"#, "handshake of slack"),
    ])
    func `what a sender's verification came to is shown where there was one`(
        _ verdict: String,
        _ shown: String
    ) throws {
        let verified = Self.line.replacing("{", with: #"{"verification":\#(verdict),"#)
        let list = try ScriptedService { _ in
            .json(200, #"{"requests":[\#(verified),\#(Self.line)]}"#)
        }
        let lines = try sluice(["ledger", "list"], list).output.split(separator: "\n")
        #expect(lines[0].hasSuffix("  SENDER"), "\(lines)")
        #expect(lines[1].hasSuffix("nobody waits for this key  \(shown)"), "\(lines)")
        #expect(lines[2].hasSuffix("nobody waits for this key"), "\(lines)")
        let one = try ScriptedService { _ in .json(200, verified) }
        let full = try sluice(["ledger", "show", Self.id], one).output
        #expect(full.contains("\nsender    \(shown)\n"), "\(full)")
        let without = try ScriptedService { _ in .json(200, Self.line) }
        #expect(try !sluice(["ledger", "show", Self.id], without).output.contains("sender"))
    }

    @Test(arguments: [
        (#"[{\"id\":1.50},{}]"#, "[\n  {\n    \"id\": 1.50\n  },\n  {}\n]"),
        (#"a=1&b=%7B"#, "a=1&b=%7B"), (#"{\"id\": "#, #"{"id": "#), ("77.0", "77.0"), ("", ""),
    ])
    func `JSON objects and lists are indented, any other body is as it came`(
        _ body: String,
        _ shown: String
    ) throws {
        let service = try ScriptedService { _ in
            .json(
                200,
                """
                {"request_id":"\(Self.id)","status":"bulk","reason":"1 accepted, 1 refused (key_missing)",
                "body_bytes":9,"body":"\(body)","rejected":[{"index":1,"code":"key_missing"}],
                "duplicate_of":"\(Self.other)"}
                """
            )
        }
        let output = try sluice(["ledger", "show", Self.id], service).output
        #expect(
            output.hasSuffix("body (9 bytes)\n\(shown)"),
            "\(output)"
        )
        #expect(output.contains("refused items\n  item 1: key_missing"))
        #expect(output.contains("repeats   \(Self.other)"))
    }

    @Test func `replays are told one by one, and the exit code says whether all were taken`() throws
    {
        let service = try ScriptedService { _ in
            .json(
                200,
                """
                {"replays":[{"replay_of":"\(Self.id)","request_id":"r-1","status":200,
                "answer":{"status":"delivered"}},
                {"replay_of":"\(Self.other)","error":{"code":"request_unverified","message":"it was refused"}}]}
                """
            )
        }
        let result = try sluice(["ledger", "replay", Self.id, Self.other], service)
        #expect(result.status == .exited(1))
        #expect(
            result.output == """
                \(Self.id)  replayed as r-1: 200 {"status":"delivered"}
                \(Self.other)  not replayed: it was refused
                """
        )
        #expect(service.requests.first?.route == "POST /api/ledger/replay")
        #expect(
            service.requests.first?.text
                == #"{"ids":["\#(Self.id)","\#(Self.other)"],"accept_unverified":false}"#
        )
        _ = try sluice(["ledger", "replay", Self.id, "--accept-unverified"], service)
        #expect(
            service.requests.last?.text == #"{"ids":["\#(Self.id)"],"accept_unverified":true}"#
        )
    }

    @Test func `a key is explained`() throws {
        let service = try ScriptedService { _ in
            .json(
                200,
                """
                {"key":"a 1","explanation":"a callback came","waits":[],"marks":[],"requests":[\(Self.line)],
                "held":[{"request_id":"r-1","time":"T1","until":"T2","endpoint":"POST :8090/done"}]}
                """
            )
        }
        let result = try sluice(["explain", "a 1", "--channel", "x/y"], service)
        #expect(result.status == .exited(0), "\(result.errors)")
        #expect(service.requests.first?.target == "/api/explain?key=a%201&channel=x%2Fy")
        #expect(
            result.output == """
                key       a 1
                why       a callback came
                held
                  request r-1 at T1, until T2, came to POST :8090/done
                requests
                  2026-01-01T00:00:00.000Z  \(Self.id)  rejected (no_waiter)  POST :8090/done
                """
        )
    }

    @Test func `what the controller refuses is told`() throws {
        let service = try ScriptedService { _ in
            .json(409, #"{"code":"store_memory","detail":"no request is kept"}"#)
        }
        for words in [["ledger", "list"], ["ledger", "show", Self.id], ["explain", "k"]] {
            let result = try sluice(words, service)
            #expect(result.status == .exited(1))
            #expect(result.errors == "sluice: No request is kept.\n")
        }
    }

    @Test(arguments: [
        (
            ["ledger", "list", "x"],
            "`ledger list` takes no operand; see sluice ledger list --help."
        ),
        (
            ["ledger", "show"],
            "`ledger show` takes one request's id; sluice ledger list shows them."
        ),
        (
            ["ledger", "show", "x"],
            "`x` is not the id of a request; sluice ledger list shows them."
        ),
        (
            ["ledger", "replay"],
            "`ledger replay` takes ids of requests; sluice ledger list shows them."
        ),
        (
            ["ledger", "replay", "../x"],
            "`../x` is not the id of a request; sluice ledger list shows them."
        ),
        (["explain"], "`explain` takes one key."),
        (
            ["store", "stats", "x"],
            "`store stats` takes no operand; see sluice store stats --help."
        ),
        (
            ["store", "check", "x"],
            "`store check` takes no operand; see sluice store check --help."
        ),
        (["store", "backup"], "`store backup` takes the name of the new file."),
    ])
    func `a wrong command line is told what is wrong`(_ words: [String], _ message: String) throws {
        let result = try Sluice(words)
        #expect(result.status == .exited(2))
        #expect(result.errors == "sluice: \(message)\n")
    }
}
