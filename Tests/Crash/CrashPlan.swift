internal import TestKit

/// The configuration of the server that is killed, and its ports.
struct CrashPlan {
    /// Where the configuration is.
    let path: String
    let callbackPort: Int
    let triggerPort: Int
    let controllerPort: Int
    let servicePort: Int

    init(in folder: TemporaryDirectory) throws(KitError) {
        let ports = FreePorts.take(4)
        (callbackPort, triggerPort, controllerPort, servicePort) =
            (ports[0], ports[1], ports[2], ports[3])
        path = folder.path("sluice.yml")
        try Files.write(
            """
            server: { threads: 2 }
            log: { level: warning }
            store: { path: "\(folder.path("store"))" }
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
                triggers: [ { path: /start, workflow: order } ]
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
            workflow:
              id: order
              jobs:
                - { id: paid, type: wait, wait_for: "key-${input.n}" }
                - { id: made, component: service, input: "${input}" }
                - id: sent
                  component: note
                  input: { n: "${input.n}", task: "${context.task_id}", paid: "${jobs.paid.output.v}", made: "${jobs.made.output.v}" }
              output: { paid: "${jobs.paid.output.v}", made: "${jobs.made.output.v}" }
            """,
            to: path
        )
    }
}
