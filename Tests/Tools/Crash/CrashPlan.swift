internal import TestKit

/// The configuration of the server that is killed, and its ports.
struct CrashPlan {
    /// Where the configuration is.
    let path: String
    let callbackPort: Int
    let triggerPort: Int
    let controllerPort: Int
    let servicePort: Int

    /// Writes the configuration into a folder; `store` is where the store is.
    init(in folder: TemporaryDirectory, store: String) throws(KitError) {
        let ports = FreePorts.take(4)
        (callbackPort, triggerPort, controllerPort, servicePort) =
            (ports[0], ports[1], ports[2], ports[3])
        path = folder.path("sluice.yml")
        try Files.write(settings(store: store) + Self.workflows, to: path)
    }

    private func settings(store: String) -> String {
        """
        server: { threads: 2, shutdown_timeout: 1s }
        log: { level: warning }
        store: { path: "\(store)" }
        controller: { adapter: { type: http-server, host: 127.0.0.1, port: \(controllerPort) } }
        gateway: { type: public, url: "http://127.0.0.1:\(callbackPort)", port: \(callbackPort) }
        listeners:
          - type: http-callback
            host: 127.0.0.1
            port: \(callbackPort)
            callbacks:
              - { path: /done, identify_by: "${body.id}" }
              - { path: /batch, bulk: true, item: "${body.results}", identify_by: "${item.id}" }
          - type: http-trigger
            host: 127.0.0.1
            port: \(triggerPort)
            triggers: [ { path: /start, workflow: order }, { path: /probe, workflow: probe } ]
        components:
          service:
            type: http-client
            endpoint: http://127.0.0.1:\(servicePort)/job
            body:
              n: ${input.n}
              task: ${context.task_id}
              id: ${context.run_id}
              url: http://127.0.0.1:\(callbackPort)/done
          note:
            type: http-client
            endpoint: http://127.0.0.1:\(servicePort)/note
            body: ${input}
          mark: { type: http-client, endpoint: "http://127.0.0.1:\(servicePort)/mark", body: "${input}" }
          fragile: { type: http-client, endpoint: "http://127.0.0.1:\(servicePort)/fragile", body: "${input}" }

        """
    }

    private static let workflows = """
        workflows:
          - id: order
            jobs:
              - { id: paid, type: wait, wait_for: "key-${input.n}" }
              - { id: made, component: service, input: "${input}" }
              - id: sent
                component: note
                input: { n: "${input.n}", task: "${context.task_id}", paid: "${jobs.paid.output.v}", made: "${jobs.made.output.v}" }
            output: { paid: "${jobs.paid.output.v}", made: "${jobs.made.output.v}" }
          - id: ask
            jobs: [ { id: asked, component: mark, input: "${input}", interrupt: { before: true } } ]
          - id: park
            jobs: [ { id: parked, type: wait, wait_for: "park-${input.n}" } ]
          - id: again
            jobs: [ { id: tried, component: fragile, input: "${input}" } ]
          - id: probe
            jobs: [ { id: waits, type: wait, wait_for: "shot-${input.n}" } ]

        """
}
