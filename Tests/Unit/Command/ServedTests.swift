import JSONWire
import TestKit
import Testing

/// The commands against a server of this program.
@Suite struct ServedTests {
    /// A served configuration: a listener of each type, a controller, and a service that never answers by itself.
    private struct Served {
        let directory: TemporaryDirectory
        let server: ChildProgram
        let service: ScriptedService

        init() throws {
            directory = try TemporaryDirectory()
            service = try ScriptedService { _ in .json(202, "{}") }
            let ports = FreePorts.take(3)
            try Files.write(
                """
                controller: { port: \(ports[0]), base_path: /api }
                listeners:
                  - { type: http-callback, port: \(ports[1]), path: /done, id: done, identify_by: "${body.id}" }
                  - { type: http-trigger, port: \(ports[2]), path: /go, workflow: ask, input: "${body}" }
                component:
                  id: worker
                  type: http-client
                  endpoint: \(service.url)/jobs
                  body: { id: "${input.id}" }
                  completion: { type: callback, wait_for: "${input.id}", endpoint: done }
                  output: ${result}
                workflow: { id: ask, jobs: [{ id: ask, component: worker, input: "${input}" }] }
                """,
                to: directory.path("sluice.yml")
            )
            server = try SluiceProgram.start(["up"], directory: directory.path)
            _ = try server.waitForLine(containing: "Ready")
        }

        func sluice(_ arguments: [String]) throws -> Sluice {
            try Sluice(arguments, directory: directory.path)
        }

        /// Starts a run that waits under a key; gives its id.
        func start(_ key: String) throws -> String {
            let sent = try sluice(["send", "trigger", "/go", "-d", #"{"id":"\#(key)"}"#, "--json"])
            return try #require(try sent.json["body"]?["task_id"]?.string)
        }
    }

    @Test func `a trigger starts a run, and a callback ends it`() throws {
        let served = try Served()
        let id = try served.start("k-1")
        try served.service.waitForRequest(matching: "POST /jobs")
        let sent = try served.sluice(["send", "callback", "done", "-d", #"{"id":"k-1","n":1}"#])
        #expect(sent.status == .exited(0), "\(sent.errors)")
        #expect(sent.output.hasPrefix(#"200 {"status":"delivered""#), "\(sent.output)")
        try eventually {
            try served.sluice(["runs", "show", id, "--json"]).json["status"]?.string == "completed"
        }
        let shown = try served.sluice(["runs", "show", id])
        #expect(shown.output.contains("\"n\": 1"))
    }

    @Test func `a waiting run is listed, and watched to its end`() throws {
        let served = try Served()
        let id = try served.start("k-3")
        try served.service.waitForRequest(matching: "POST /jobs")
        try eventually {
            let list = try served.sluice(["runs", "list", "--status", "waiting"])
            return list.output.contains(id) && list.output.contains("ask waits for k-3")
        }
        let watch = try SluiceProgram.start(
            ["runs", "watch", id],
            directory: served.directory.path
        )
        _ = try watch.waitForLine(containing: "waiting  ask")
        let sent = try served.sluice(["send", "callback", "/done", "-d", #"{"id":"k-3"}"#])
        #expect(sent.status == .exited(0))
        #expect(try watch.waitForExit() == .exited(0))
        #expect(watch.output.contains("resumed  ask  k-3"), "\(watch.output)")
        #expect(watch.output.contains("status    completed"))
    }

    @Test func `a run is cancelled, and only once`() throws {
        let served = try Served()
        let id = try served.start("k-2")
        let cancelled = try served.sluice(["runs", "cancel", id])
        #expect(cancelled.status == .exited(0), "\(cancelled.errors)")
        #expect(cancelled.output.contains("status    cancelled"))
        let again = try served.sluice(["runs", "cancel", id])
        #expect(again.status == .exited(1))
        #expect(again.errors.contains("has already finished"))
    }

    @Test func `what the server refuses has the exit code 1`() throws {
        let served = try Served()
        let sent = try served.sluice(["send", "callback", "/done", "-d", "{}"])
        #expect(sent.status == .exited(1))
        #expect(sent.output.hasPrefix("422 "))
        let typed = try served.sluice(["send", "trigger", "/go", "-H", "Content-Type: image/png"])
        #expect(typed.output.hasPrefix("415 "))
    }

    @Test(arguments: [
        (["callback", "/dune"], "no callback endpoint `/dune`; did you mean `/done`?"),
        (["callback", "/go"], "no callback endpoint `/go`; there are /done, done"),
        (["trigger"], "This command takes one URL"),
        (["trigger", "/go", "-H", "x"], "-H wants `NAME: VALUE`"),
    ])
    func `an endpoint that is none is answered with those there are`(
        _ arguments: [String],
        _ message: String
    ) throws {
        let directory = try TemporaryDirectory()
        try Files.write(
            """
            listeners:
              - { type: http-callback, port: 8090, path: /done, id: done, identify_by: "${body.id}" }
              - { type: http-trigger, port: 8091, path: /go, workflow: "${body.w}" }
            """,
            to: directory.path("sluice.yml")
        )
        let result = try Sluice(["send"] + arguments, directory: directory.path)
        #expect(result.status == .exited(2))
        #expect(result.errors.contains(message), "\(result.errors)")
    }
}
