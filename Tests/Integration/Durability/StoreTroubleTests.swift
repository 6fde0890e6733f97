import Foundation
import JSONWire
import TestKit
import Testing

/// Servers whose directory is damaged, taken or full, as programs of their own.
@Suite struct StoreTroubleTests {
    @Test func `every trigger that was answered is in the ledger after a kill at once`() throws {
        let place = try ServedPlace()
        for round in 1...6 {
            let server = try place.start()
            let reply = try place.post("/go", #"{"n":\#(round)}"#, on: .triggers)
            server.signal(9)
            #expect(reply.status == 200, "\(reply.text)")
            _ = try server.waitForExit()
        }
        _ = try place.start()
        let list = try JSONValue.parse(place.controller("/ledger?limit=100").body)
        guard case .array(let requests)? = list["requests"] else {
            Issue.record("no list: \(list.jsonText)")
            return
        }
        #expect(requests.count == 6)
        #expect(requests.allSatisfy { $0["status"] == .string("triggered") })
    }

    @Test func `damage in what the store has does not keep a server from starting`() throws {
        let place = try ServedPlace()
        try place.serve { try place.hold("first") }
        // What is in the log alone is written to the store at the next start.
        try place.serve {}
        try place.damage("needle-first")
        let server = try place.start()
        _ = try server.waitForLine(
            containing: "A part of the log cannot be read and is passed over"
        )
        #expect(try place.hold("first", isAgain: true))
        server.signal(15)
        _ = try server.waitForExit()
        let check = try place.sluice(["store", "check"])
        #expect(check.status == .exited(1))
        #expect(check.output.contains("the store has what was there, and a start passes over it"))
    }

    @Test func `damage in what only the log has refuses the start and says what to do`() throws {
        let place = try ServedPlace()
        try place.serve { try place.hold("first") }
        let server = try place.start()
        for name in ["second", "third", "fourth"] { try place.hold(name) }
        server.signal(9)
        _ = try server.waitForExit()
        // Whatever the store has of them by now, the log cannot be complete without this one.
        try place.removeStore()
        try place.damage("needle-second")
        let check = try place.sluice(["up"])
        #expect(check.status == .exited(1))
        #expect(check.errors.contains("restore a backup, or have `sluice store repair` save"))
        #expect(check.errors.contains("is corrupt at offset"))
    }

    @Test func `a damaged last record is told at the start and by the check`() throws {
        let place = try ServedPlace()
        let server = try place.start()
        try place.hold("first")
        try place.hold("last")
        server.signal(9)
        _ = try server.waitForExit()
        try place.damage("needle-last")
        let check = try place.sluice(["store", "check"])
        #expect(check.status == .exited(1))
        #expect(check.output.contains("bytes that cannot be read"))
        let again = try place.start()
        let line = try again.waitForLine(
            containing: "The end of the log cannot be read and is cut off"
        )
        #expect(line.contains("the two look the same"))
        #expect(line.contains("segment=segment-0000000000000001.log"))
    }

    @Test func `a second server is refused before it touches anything`() throws {
        let place = try ServedPlace()
        let server = try place.start()
        try place.hold("first")
        // Only the second server could make them again.
        Files.removeTree(place.path("store/store.db"))
        for removes in [false, true] {
            if removes { Files.removeTree(place.path("store/log/lock")) }
            let other = try place.sluice(["up"])
            #expect(other.status == .exited(1))
            #expect(other.errors.contains("the log is in use by another process"))
            #expect(!Files.exists(place.path("store/store.db")))
        }
        server.signal(9)
        _ = try server.waitForExit()
    }

    @Test func `on a full disk a server comes up and says why, and goes on with room`() throws {
        let place = try ServedPlace()
        // Only root may mount: elsewhere there is no small disk to fill.
        guard let disk = try SmallDisk(at: place.path("store"), megabytes: 160) else { return }
        defer { disk.remove() }
        let server = try place.start()
        for number in 0..<40 { try place.hold("\(number)") }
        server.signal(9)
        _ = try server.waitForExit()
        // All of it has to be written again.
        try place.removeStore()
        try disk.fill()
        let again = try place.start(until: "Nothing is taken until there is room on the disk")
        let deadline = Deadline.standard
        var ready = try? place.controller("/readyz")
        while ready?.status != 503, !deadline.hasPassed { ready = try? place.controller("/readyz") }
        #expect(ready?.status == 503)
        #expect(ready?.text.contains("the store in ") == true)
        #expect(try place.controller("/livez").status == 200)
        for refused in [
            try place.post("/go", "{}", on: .triggers),
            try place.post("/done", #"{"id":"x","v":1}"#, on: .callbacks),
            try place.controller("/tasks"),
        ] {
            #expect(refused.status == 503)
            #expect(refused.headers["retry-after"] == "5")
            #expect(try JSONValue.parse(refused.body)["code"] == .string("journal_unavailable"))
        }
        disk.empty()
        _ = try again.waitForLine(containing: "Ready")
        let list = try JSONValue.parse(place.controller("/ledger?limit=100").body)
        guard case .array(let requests)? = list["requests"] else {
            Issue.record("no list: \(list.jsonText)")
            return
        }
        #expect(requests.count { $0["status"] == .string("held") } == 40)
        #expect(try place.controller("/readyz").status == 200)
    }

    @Test func `a server that waits for room ends with a signal`() throws {
        let place = try ServedPlace()
        guard let disk = try SmallDisk(at: place.path("store"), megabytes: 160) else { return }
        defer { disk.remove() }
        try disk.fill()
        let server = try place.start(until: "Nothing is taken until there is room on the disk")
        while (try? place.controller("/readyz").status) != 503 {
            if server.statusIfEnded != nil { break }
        }
        server.signal(15)
        #expect(try server.waitForExit() == .exited(0))
    }
}

/// A directory with a configuration and a store, and the servers on it.
private final class ServedPlace {
    enum Port: Int {
        case controller, callbacks, triggers
    }

    private let directory: TemporaryDirectory
    private let ports: [Int]
    private var server: ChildProgram?

    init() throws {
        directory = try TemporaryDirectory()
        ports = (0..<3).map { _ in FreePorts.next() }
        let text = """
            store: { path: ./store }
            controller: { adapter: { type: http-server, host: 127.0.0.1, port: \(ports[0]) } }
            listeners:
              - { type: http-callback, host: 127.0.0.1, port: \(ports[1]), path: /done,
                  identify_by: "${body.id}", result: "${body.v}", hold_for: 1h }
              - { type: http-trigger, host: 127.0.0.1, port: \(ports[2]), path: /go, workflow: wait }
            workflows:
              - id: wait
                jobs: [ { id: wait, type: wait, key: "${context.task_id}" } ]

            """
        try Files.write(text, to: directory.path("sluice.yml"))
    }

    func path(_ name: String) -> String { directory.path(name) }

    /// Starts a server and waits for a line of it.
    func start(until line: String = "Ready") throws -> ChildProgram {
        server = nil
        let started = try SluiceProgram.start(["up"], directory: directory.path)
        server = started
        _ = try started.waitForLine(containing: line)
        return started
    }

    /// Has a server live while `body` runs; it is stopped in order.
    func serve(_ body: () throws -> Void) throws {
        let server = try start()
        try body()
        server.signal(15)
        #expect(try server.waitForExit() == .exited(0))
    }

    /// Runs a command to its end.
    func sluice(
        _ arguments: [String]
    ) throws -> (status: TestKit.ExitStatus, output: String, errors: String) {
        let program = try SluiceProgram.start(arguments, directory: directory.path)
        let status = try program.waitForExit()
        return (status, program.output, program.errors)
    }

    func post(_ path: String, _ body: String, on port: Port) throws -> HTTPReply {
        try HTTPProbe(port: ports[port.rawValue]).post(path, json: body)
    }

    func controller(_ path: String) throws -> HTTPReply {
        try HTTPProbe(port: ports[0]).get(path)
    }

    /// Sends a callback that nobody waits for; gives whether it is held, or known where it comes again.
    @discardableResult
    func hold(_ name: String, isAgain: Bool = false) throws -> Bool {
        let reply = try post("/done", #"{"id":"\#(name)","v":"needle-\#(name)"}"#, on: .callbacks)
        let isKnown = try JSONValue.parse(reply.body)["duplicate"] == .bool(true)
        #expect(reply.status == 202 && isKnown == isAgain, "\(reply.text)")
        return reply.status == 202 && isKnown == isAgain
    }

    /// Changes one bit of a text in the log.
    func damage(_ text: String) throws {
        let url = URL(fileURLWithPath: path("store/log/segment-0000000000000001.log"))
        let place = try #require(try Data(contentsOf: url).range(of: Data(text.utf8)))
        let file = try FileHandle(forUpdating: url)
        try file.seek(toOffset: UInt64(place.lowerBound))
        try file.write(contentsOf: Data([UInt8(ascii: "N")]))
        try file.synchronize()
        try file.close()
    }

    func removeStore() throws {
        for name in ["store.db", "store.db-wal", "store.db-shm"] {
            Files.removeTree(path("store/\(name)"))
        }
    }
}

/// A file system of its own in memory, which can be filled.
private struct SmallDisk {
    let path: String

    /// Mounts it; nil where that is not allowed.
    init?(at path: String, megabytes: Int) throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let options = ["-t", "tmpfs", "-o", "size=\(megabytes)m,mode=700", "tmpfs", path]
        guard try ChildProgram("/bin/mount", options).waitForExit() == .exited(0) else {
            return nil
        }
    }

    /// Takes all the room there is.
    func fill() throws {
        for (name, size) in [("filler-1", "1M"), ("filler-2", "4k")] {
            let arguments = ["if=/dev/zero", "of=\(path)/\(name)", "bs=\(size)"]
            _ = try ChildProgram("/bin/dd", arguments).waitForExit()
        }
    }

    func empty() {
        for name in ["filler-1", "filler-2"] { Files.removeTree("\(path)/\(name)") }
    }

    func remove() {
        // Lazily: a server that is just being killed may have files open.
        do {
            _ = try ChildProgram("/bin/umount", ["-l", path]).waitForExit()
        } catch {
            Issue.record("\(error)")
        }
    }
}
