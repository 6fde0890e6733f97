import JSONWire
import TestKit
import Testing

/// The commands that look after a store's directory.
@Suite struct StoreCommandTests {
    private let directory: TemporaryDirectory
    private let listener: Int
    private let controller: Int

    private static let terminate: Int32 = 15

    init() throws {
        directory = try TemporaryDirectory()
        let ports = FreePorts.take(2)
        (listener, controller) = (ports[0], ports[1])
        try Files.write(
            """
            store: { path: kept }
            controller: { port: \(controller) }
            listener: { type: http-callback, port: \(listener), path: /done, identify_by: "${body.id}" }
            """,
            to: directory.path("sluice.yml")
        )
    }

    private func sluice(_ arguments: [String]) throws -> Sluice {
        try Sluice(arguments, directory: directory.path)
    }

    /// Starts the server and has it hold a callback.
    private func serve() throws -> ChildProgram {
        let server = try SluiceProgram.start(["up"], directory: directory.path)
        _ = try server.waitForLine(containing: "Ready")
        let reply = try HTTPProbe(port: listener).post("/done", json: #"{"id":"a"}"#)
        #expect(reply.status == 202, "\(reply.text)")
        try eventually("the store to have the callback") {
            try sluice(["store", "stats", "--json"]).json["held"] == .integer(1)
        }
        return server
    }

    @Test func `a store is counted, checked and copied while a server runs`() throws {
        let server = try serve()
        let stats = try sluice(["store", "stats"])
        #expect(stats.output.contains("held callbacks  1"), "\(stats.output)")
        #expect(stats.output.contains("records in 1 segments"))
        let check = try sluice(["store", "check"])
        #expect(check.output == "The store is sound.", "\(check.errors)")
        #expect(try sluice(["store", "check", "--json"]).json["sound"] == .bool(true))
        let copy = try sluice(["store", "backup", "copy.db"])
        #expect(copy.status == .exited(0), "\(copy.errors)")
        #expect(copy.output.hasPrefix("The store is copied to copy.db, up to record "))
        let again = try sluice(["store", "backup", "copy.db"])
        #expect(again.status == .exited(1))
        #expect(again.errors == "sluice: copy.db exists already.\n")
        _ = server
    }

    @Test func `a server goes on from a copy`() throws {
        let first = try serve()
        let other = try TemporaryDirectory()
        let copy = try sluice(["store", "backup", other.path("store.db")])
        #expect(copy.status == .exited(0), "\(copy.errors)")
        #expect(try Files.below(other.path) == ["store.db"])
        first.signal(Self.terminate)
        _ = try first.waitForExit()
        try Files.write("store: { path: \(other.path) }", to: directory.path("other.yml"))
        let second = try SluiceProgram.start(
            ["up", "-f", "sluice.yml", "-f", "other.yml"],
            directory: directory.path
        )
        _ = try second.waitForLine(containing: "Ready")
        let known = try sluice(["explain", "a"])
        #expect(known.output.contains("and is held until"), "\(known.output)\(known.errors)")
        _ = second
    }

    @Test func `what is damaged is told, with the exit code 1`() throws {
        let server = try serve()
        server.signal(Self.terminate)
        _ = try server.waitForExit()
        #expect(try sluice(["store", "check"]).status == .exited(0))
        let log = directory.path("kept/log/segment-0000000000000001.log")
        let damage = try ChildProgram(
            "/bin/dd",
            ["if=/dev/zero", "of=\(log)", "bs=1", "seek=8240", "count=40", "conv=notrunc"]
        )
        #expect(try damage.waitForExit() == .exited(0))
        let check = try sluice(["store", "check"])
        #expect(check.status == .exited(1))
        #expect(check.output.contains("the log: "), "\(check.output)\(check.errors)")
        #expect(try sluice(["store", "stats", "--path", "kept/log"]).status == .exited(1))
    }

    @Test func `without the log that belongs to it a store is not served`() throws {
        let server = try serve()
        server.signal(9)
        _ = try server.waitForExit()
        Files.removeTree(directory.path("kept/log"))
        let refused = try sluice(["up"])
        #expect(refused.status == .exited(1))
        #expect(refused.errors.contains("kept/log, is missing"), "\(refused.errors)")
    }

    @Test func `a backup beside the log of another store is not served`() throws {
        let server = try serve()
        #expect(try sluice(["store", "backup", "copy.db"]).status == .exited(0))
        server.signal(Self.terminate)
        _ = try server.waitForExit()
        for name in ["store.db", "store.db-wal", "store.db-shm"] {
            Files.removeTree(directory.path("kept/\(name)"))
        }
        try Files.write(Files.bytes(directory.path("copy.db")), to: directory.path("kept/store.db"))
        let refused = try sluice(["up"])
        #expect(refused.status == .exited(1))
        #expect(refused.errors.contains("store.db is a backup"), "\(refused.errors)")
    }

    @Test func `a request is known again by a server whose database was lost`() throws {
        let server = try serve()
        server.signal(Self.terminate)
        _ = try server.waitForExit()
        for name in ["store.db", "store.db-wal", "store.db-shm"] {
            Files.removeTree(directory.path("kept/\(name)"))
        }
        let again = try SluiceProgram.start(["up"], directory: directory.path)
        _ = try again.waitForLine(containing: "Ready")
        let reply = try HTTPProbe(port: listener).post("/done", json: #"{"id":"a"}"#)
        #expect(reply.text.contains(#""duplicate":true"#), "\(reply.status) \(reply.text)")
    }

    @Test func `where there is no store, that is told`() throws {
        let none = try sluice(["store", "stats"])
        #expect(none.status == .exited(1))
        #expect(
            none.errors
                == "sluice: There is no store in kept; the server makes one when it starts.\n"
        )
        try Files.write("store: memory", to: directory.path("memory.yml"))
        let memory = try sluice(["store", "check", "-f", "memory.yml"])
        #expect(memory.status == .exited(1))
        #expect(
            memory.errors == "sluice: The configuration says `store: memory`: nothing is kept, and "
                + "there is no store.\n"
        )
        try Files.write("text", to: directory.path("store.db"))
        let other = try sluice(["store", "check", "--path", "."])
        #expect(other.status == .exited(1))
        #expect(other.output.contains("store.db: file is not a database"), "\(other.output)")
    }
}
