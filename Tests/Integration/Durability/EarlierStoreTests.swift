import JSONWire
import TestKit
import Testing

/// Stores that earlier versions of the program made (`scripts/make-store-fixtures`) open, hold what they held, and go on.
///
/// One after the other: the address and the ports are part of what was stored.
@Suite(.serialized) struct EarlierStoreTests {
    @Test(arguments: [
        "version-1-stopped", "version-1-killed", "version-2-stopped", "version-2-killed",
    ])
    func `a store of an earlier version opens whole and its runs go on`(name: String) throws {
        let life = try EarlierStore(name)
        defer { life.stop() }
        try life.start()
        try life.expectAllIsThere()
        try life.expectSendersAreKnown()
        try life.carryOn()
        try life.expectSound()
        // Once more, now from the newest form.
        try life.start()
        try life.expectAllHaveEnded()
        try life.expectHeldIsKnown(status: "delivered")
    }

    @Test func `a store of a version to come is refused with a sentence`() throws {
        let life = try EarlierStore("version-2-stopped")
        defer { life.stop() }
        try life.start()
        try life.becomeNewer()
        let refused = try life.refusal()
        #expect(refused.status == .exited(1), "\(refused.text)")
        #expect(
            refused.text.contains(
                "schema version 1000, this program knows versions up to 3: it was written by a newer version"
            ),
            "\(refused.text)"
        )
    }
}

/// A store that an earlier version made, unpacked, and a server of this version on it.
private final class EarlierStore {
    private let directory: TemporaryDirectory
    private let service: ScriptedService
    /// What the earlier version last said of all that it kept.
    private let before: JSONValue
    /// Whether that version compared callbacks by their bodies alone.
    private let ignoresQueries: Bool
    private let host: String
    private let port: Int
    private var server: ChildProgram?

    init(_ name: String) throws {
        directory = try TemporaryDirectory()
        ignoresQueries = name.hasPrefix("version-1-")
        let file = PackageRoot.path("Tests/Integration/Data/stores/\(name).tar.gz")
        let tar = try ChildProgram("/bin/tar", ["-xzf", file, "-C", directory.path])
        try #require(try tar.waitForExit() == .exited(0), "\(tar.errors)")
        before = try JSONValue.parse(Files.bytes(directory.path("before.json")))
        host = try #require(before["address"]?.string)
        port = Int(clamping: try #require(before["first_port"]?.number))
        service = try ScriptedService(host: host, port: port + 3) { request in
            request.method == "GET"
                ? .json(200, #"{"state":"done","answer":42}"#)
                : .json(200, #"{"task_id":"service"}"#)
        }
    }

    private var environment: [String: String] {
        [
            "FIXTURE_API": "\(port)", "FIXTURE_CALLBACKS": "\(port + 1)",
            "FIXTURE_TRIGGERS": "\(port + 2)", "FIXTURE_SERVICE": service.url,
        ]
    }

    /// Lets go of the addresses.
    func stop() {
        server = nil
        service.stop()
    }

    /// Starts a server on it, in place of one that runs.
    func start() throws {
        server = nil
        let server = try SluiceProgram.start(
            ["up"],
            environment: environment,
            directory: directory.path
        )
        _ = try server.waitForLine(containing: "Ready")
        self.server = server
    }

    /// Stops the server, and gives the store the version of a program to come.
    func becomeNewer() throws {
        let server = try #require(server)
        server.signal(15)
        #expect(try server.waitForExit() == .exited(0), "\(server.errors)")
        let path = directory.path("store/store.db")
        Files.removeTree(path + "-wal")
        Files.removeTree(path + "-shm")
        var bytes = try Files.bytes(path)
        // SQLite's `user_version`, in big-endian order.
        bytes.replaceSubrange(60..<64, with: [0, 0, 3, 232])
        try Files.write(bytes, to: path)
    }

    /// How a start ends that is refused.
    func refusal() throws -> (status: TestKit.ExitStatus, text: String) {
        server = nil
        let program = try SluiceProgram.start(
            ["up"],
            environment: environment,
            directory: directory.path
        )
        return (try program.waitForExit(), program.errors)
    }

    /// Every run, wait, held callback, mark and request is as it was.
    func expectAllIsThere() throws {
        for task in before["tasks"]?.list ?? [] {
            let id = try #require(task["task_id"]?.string)
            // These two went on by themselves the moment they could.
            if task["workflow_id"]?.string == "delayed" || task["workflow_id"]?.string == "polling"
            {
                continue
            }
            let now = try get("/tasks/\(id)?history=true")
            #expect(now.holds(task), "\(now.prettyJSONText)\nwas\n\(task.prettyJSONText)")
        }
        for request in before["requests"]?.list ?? [] {
            let id = try #require(request["request_id"]?.string)
            let now = try get("/ledger/\(id)")
            // Sentences may be put better.
            let was = request.without(["reason", "nearest_keys"])
            #expect(now.holds(was), "\(now.prettyJSONText)\nwas\n\(was.prettyJSONText)")
        }
        guard case .object(let keys)? = before["keys"] else { return }
        for key in keys.members {
            let now = try get("/explain?key=\(key.name)")
            let was = key.value.without(["explanation", "behind", "nearest_keys", "reason"])
            #expect(now.holds(was), "\(now.prettyJSONText)\nwas\n\(was.prettyJSONText)")
        }
    }

    /// Repeated requests are known, different ones for the same key refused.
    func expectSendersAreKnown() throws {
        let delivered = try #require(
            before["requests"]?.list.first {
                $0["key"]?.string == "ended-1" && $0["status"]?.string == "delivered"
            }
        )
        let body = try #require(delivered["body"]?.string)
        let again = try send(port + 1, "/done", body)
        #expect(again.status == 200 && again.text.contains(#""duplicate":true"#), "\(again.text)")
        let asked = try send(port + 1, "/done?retry=1", body)
        if ignoresQueries {
            // What that version left is compared by its own rule, by which a query made no difference.
            #expect(asked.text.contains(#""duplicate":true"#), "\(asked.status) \(asked.text)")
        } else {
            #expect(asked.status == 409, "\(asked.status) \(asked.text)")
        }
        try expectHeldIsKnown(status: "held")
        let other = try send(port + 1, "/done", Self.callback("ended-1", "7"))
        #expect(other.status == 409, "\(other.text)")
        let claims = [
            ("/go", #"{"key": "claim-1"}"#, [("Idempotency-Key", #""key-one""#)], "claim-1"),
            ("/go", #"{"key": "claim-3"}"#, [("Idempotency-Key", #""key-two""#)], "claim-3"),
            ("/once", #"{"key": "claim-2", "order": "o-1"}"#, [], "claim-2"),
        ]
        for (path, body, headers, run) in claims {
            let reply = try send(port + 2, path, body, headers)
            #expect(reply.text.contains(try id(of: run)), "\(reply.status) \(reply.text)")
        }
    }

    /// A callback that the earlier version holds, or held, is known again; with a query too, where that version saw none.
    func expectHeldIsKnown(status: String) throws {
        let held = try #require(
            before["requests"]?.list.first {
                $0["key"]?.string == "held-1" && $0["status"]?.string == "held"
            }
        )
        let body = try #require(held["body"]?.string)
        for query in ignoresQueries ? ["", "?retry=1"] : [""] {
            let again = try send(port + 1, "/done\(query)", body)
            #expect(again.text.contains(#""duplicate":true"#), "\(again.status) \(again.text)")
            #expect(again.text.contains(#""status":"\#(status)""#), "\(again.text)")
        }
    }

    /// Every waiting run goes on by its callback, every held callback goes to a run that waits for it.
    func carryOn() throws {
        let callbacks = [
            ("wait-1", "wait-1"), ("service-wait-2", "wait-2"), ("wait-3", "wait-3"),
            ("two-1-2", "two-1"), ("child-1", "parent"), ("claim-1", "claim-1"),
            ("claim-3", "claim-3"), ("late-1", "late-1"),
        ]
        for (key, run) in callbacks {
            let reply = try send(port + 1, "/done", Self.callback(key, "7"))
            #expect(reply.text.contains(#""delivered""#), "\(key): \(reply.text)")
            try expectOutput(.integer(7), of: id(of: run))
        }
        _ = try send(port + 1, "/again", Self.callback("again-2", "7"))
        try expectOutput(.integer(7), of: id(of: "again-2"))
        let asking = try id(of: "asking")
        _ = try send(port, "/tasks/\(asking)/resume", #"{"job_id":"hear"}"#)
        try eventually { try get("/tasks/\(asking)")["status"]?.string == "waiting" }
        _ = try send(port + 1, "/done", Self.callback("asking-1", "7"))
        try expectOutput(.integer(7), of: asking)
        try expectOutput(.integer(42), of: id(of: "polling"))
        try expectOutput(.string("late"), of: id(of: "delayed"))
        for (key, result) in [("held-1", #"{"early":1}"#), ("held-3", #"{"early":3}"#)] {
            let body =
                #"{"workflow_id":"waiting","input":{"key":"\#(key)"},"wait_for_completion":true}"#
            let reply = try send(port, "/workflows/runs", body)
            let output = try JSONValue.parse(reply.body)["output"]
            #expect(output == (try JSONValue.parse(result)), "\(reply.text)")
        }
        // Handed over by this version, and taken by the earlier one.
        try expectHeldIsKnown(status: "delivered")
    }

    /// The server can be stopped, and what it leaves is sound and of the newest version.
    func expectSound() throws {
        let server = try #require(server)
        server.signal(15)
        #expect(try server.waitForExit() == .exited(0), "\(server.errors)")
        for (command, text) in [("check", "The store is sound."), ("stats", "version 3")] {
            let program = try SluiceProgram.start([
                "store", command, "--path", directory.path("store"),
            ])
            #expect(try program.waitForExit() == .exited(0), "\(program.output)")
            #expect(program.output.contains(text), "\(program.output)")
        }
    }

    /// Every run that there was has ended.
    func expectAllHaveEnded() throws {
        for task in before["tasks"]?.list ?? [] {
            let id = try #require(task["task_id"]?.string)
            let status = try get("/tasks/\(id)")["status"]?.string ?? ""
            #expect(
                ["completed", "failed", "cancelled"].contains(status),
                "\(task.prettyJSONText)"
            )
        }
    }

    private static func callback(_ key: String, _ result: String) -> String {
        #"{"task_id":"\#(key)","status":"completed","result":\#(result)}"#
    }

    private func id(of run: String) throws -> String {
        try #require(before["runs"]?[run]?.string)
    }

    private func get(_ target: String) throws -> JSONValue {
        try JSONValue.parse(HTTPProbe(port: port, host: host).get(target).body)
    }

    private func send(
        _ port: Int,
        _ target: String,
        _ body: String,
        _ headers: [(String, String)] = []
    ) throws -> HTTPReply {
        try HTTPProbe(port: port, host: host).post(target, json: body, headers: headers)
    }

    private func expectOutput(_ output: JSONValue, of run: String) throws {
        var state = JSONValue.null
        try eventually("waiting for the end of \(run)") {
            state = try get("/tasks/\(run)")
            return state["output"] != nil || state["error"] != nil
        }
        #expect(state["output"] == output, "\(state.prettyJSONText)")
    }
}

extension JSONValue {
    fileprivate var number: Int64? {
        if case .integer(let number) = self { number } else { nil }
    }

    fileprivate var list: [JSONValue] {
        if case .array(let list) = self { list } else { [] }
    }

    /// Whether everything that `other` says is said here too: members may have been added, entries may follow.
    fileprivate func holds(_ other: JSONValue) -> Bool {
        switch (self, other) {
        case (.object, .object(let members)):
            members.members.allSatisfy { self[$0.name]?.holds($0.value) ?? false }
        case (.array(let own), .array(let others)):
            others.allSatisfy { other in own.contains { $0.holds(other) } }
        default: self == other
        }
    }

    /// The value without members of some names, at any depth.
    fileprivate func without(_ names: Set<String>) -> JSONValue {
        switch self {
        case .array(let list): return .array(list.map { $0.without(names) })
        case .object(let object):
            var rest = JSONObject()
            for member in object.members where !names.contains(member.name) {
                rest[member.name] = member.value.without(names)
            }
            return .object(rest)
        default: return self
        }
    }
}
