import TestKit

/// A server of ours whose runs wait for callbacks.
final class LoadedServer {
    private let folder: TemporaryDirectory
    private let program: ChildProgram
    private let ports: [Int]

    /// Starts it; a run gets `result` of its callback.
    ///
    /// - Throws: When it does not come up.
    init(result: String = "${body.output}") throws {
        folder = try TemporaryDirectory()
        ports = FreePorts.take(3)
        try Files.write(Self.text(ports, result), to: folder.path("sluice.yml"))
        program = try SluiceProgram.start(["up", "-f", folder.path("sluice.yml")])
        _ = try program.waitForLine(containing: "Ready")
    }

    /// A callback endpoint.
    func url(_ path: String) -> String { "http://127.0.0.1:\(ports[0])\(path)" }

    /// The bulk trigger whose runs wait.
    var startURL: String { "http://127.0.0.1:\(ports[1])/waiting" }

    /// A trigger whose run does one thing.
    var triggerURL: String { "http://127.0.0.1:\(ports[1])/start" }

    /// The controller.
    var controllerURL: String { "http://127.0.0.1:\(ports[2])" }

    private static func text(_ ports: [Int], _ result: String) -> String {
        """
        server: { threads: 1 }
        store: memory
        controller: { host: 127.0.0.1, port: \(ports[2]) }
        listeners:
          - type: http-callback
            host: 127.0.0.1
            port: \(ports[0])
            callbacks:
              - { path: /done, identify_by: "${body.task_id}", result: "\(result)" }
              - { path: /many, bulk: true, item: "${body.results}", identify_by: "${item.task_id}", result: "${item.output}" }
          - type: http-trigger
            host: 127.0.0.1
            port: \(ports[1])
            triggers:
              - { path: /waiting, workflow: wait, bulk: true, item: "${body.items}", input: { key: "${item.key}" } }
              - { path: /start, workflow: note }
        components:
          - { id: note, type: logger, level: debug, message: "${input.key}" }
        workflows:
          - { id: wait, jobs: [ { id: wait, type: wait, wait_for: "${input.key}" } ] }
          - { id: note, jobs: [ { id: note, component: note, input: { key: "${input.key}" } } ] }
        """
    }
}
