import JSONWire
import TestKit
import Testing

/// A server that is told to end while steps run programs: nothing of them stays, and nothing they did is lost.
@Suite struct StopWithProgramsTests {
    private let folder: TemporaryDirectory
    private let ports = LocalPorts([:])

    init() throws { folder = try TemporaryDirectory() }

    /// Starts a server on the folder's store, whose workflow runs a script that can name the folder.
    private func start(_ script: String, shutdown: String) throws -> ChildProgram {
        let text = """
            store: { path: "\(folder.path("store"))" }
            server: { shutdown_timeout: \(shutdown) }
            controller: { port: 8088 }
            components: { tool: { type: shell, after_crash: repeat, command: [ sh, -c, '\(script)' ] } }
            workflow: { id: w, jobs: [ { id: run, component: tool, output: "${output.stdout}" } ] }
            """
        try Files.write(ports.local(text), to: folder.path("sluice.yml"))
        let program = try SluiceProgram.start(
            ["up", "-f", "sluice.yml"],
            directory: folder.path
        )
        _ = try program.waitForLine(containing: "Ready")
        return program
    }

    private func api() -> HTTPProbe { HTTPProbe(port: ports[8088]) }

    private func startRun() throws -> String {
        let started = try api().post(
            "/workflows/runs",
            json: #"{"workflow_id":"w","wait_for_completion":false}"#
        )
        return try #require(JSONValue.parse(started.body)["task_id"]?.string)
    }

    private func lines(_ name: String) throws -> [String] {
        guard Files.exists(folder.path(name)) else { return [] }
        return try Files.text(folder.path(name)).split(separator: "\n").map(String.init)
    }

    private func isAlive(_ process: String) -> Bool { Files.exists("/proc/\(process)/stat") }

    private func output(of run: String) throws -> JSONValue? {
        var state = JSONValue.null
        try eventually("the run to end") {
            state = try JSONValue.parse(api().get("/tasks/\(run)").body)
            return state["status"] == .string("completed")
        }
        return state["output"]
    }

    @Test func `a program that goes on is ended with what it started, and its step runs again`()
        throws
    {
        // The first time it and a child of it would go on for long, and neither minds SIGTERM.
        let script = """
            echo $$ >> \(folder.path("pids")); if test -e \(folder.path("go")); then echo done; exit 0; fi; \
            trap "" TERM; (sleep 3600 & echo $! >> \(folder.path("pids")); wait); while :; do sleep 3600; done
            """
        let first = try start(script, shutdown: "300ms")
        let run = try startRun()
        try eventually("the program and its child to run") { try lines("pids").count == 2 }
        let processes = try lines("pids")
        first.signal(15)
        let end = try first.waitForExit()
        #expect(end == .exited(0) || end == .exited(1), "\(end) \(first.errors)")
        try eventually("nothing of it to be left") { !processes.contains(where: isAlive) }
        try Files.write("", to: folder.path("go"))
        let second = try start(script, shutdown: "30s")
        #expect(try output(of: run) == .string("done"))
        #expect(try lines("pids").count == 3)
        second.signal(15)
        #expect(try second.waitForExit() == .exited(0), "\(second.errors)")
    }

    @Test func `a program that ends in time is waited for, and does not run again`() throws {
        // It ends once the server was told to.
        let script = """
            echo $$ >> \(folder.path("pids")); while ! test -e \(folder.path("go")); do sleep 0.05; done; echo done
            """
        let first = try start(script, shutdown: "30s")
        let run = try startRun()
        try eventually("the program to run") { try lines("pids").count == 1 }
        first.signal(15)
        _ = try first.waitForLine(containing: "Stopping")
        #expect(first.statusIfEnded == nil)
        try Files.write("", to: folder.path("go"))
        #expect(try first.waitForExit() == .exited(0), "\(first.errors)")
        let second = try start(script, shutdown: "30s")
        #expect(try output(of: run) == .string("done"))
        #expect(try lines("pids").count == 1)
        second.signal(15)
        #expect(try second.waitForExit() == .exited(0), "\(second.errors)")
    }
}
