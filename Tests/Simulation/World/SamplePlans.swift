import Configuration
import Documents
import Listeners

/// The configuration that all schedules use: a few small workflows, each for one way of waiting.
enum SamplePlans {
    /// The workflows' ids.
    static let workflows = [
        "asks", "shared", "pair", "each", "keyed", "child", "asked", "slow", "once", "branches",
    ]

    /// The keys that many waits have in common.
    static let keys = ["k0", "k1", "k2"]

    private static let text = #"""
        gateway: { type: public, url: "http://127.0.0.1:8090", port: 8090 }
        listeners:
          - type: http-callback
            port: 8090
            hold_for: 30s
            callbacks:
              - { path: /done, identify_by: "${body.id}", status: "${body.status}", fail_when: [failed] }
              - { path: /again, identify_by: "${body.id}", reuse_keys: true }
              - { path: /only, identify_by: "${body.id}", unmatched: reject }
              - { path: /named, identify_by: "${body.id}", status: "${body.status}", deduplicate_by: "${body.n}" }
              - { path: /many, bulk: true, item: "${body.items}", identify_by: "${item.id}", status: "${item.status}" }
        components:
          call: { type: http-client, endpoint: "http://h/x", body: { n: "${input}" }, output: "${response}" }
          asks:
            type: http-client
            endpoint: "http://h/y"
            body: { u: "http://localhost:8090/done" }
            timeout: 12s
            output: "${response}"
          keyed:
            type: http-client
            endpoint: "http://h/z"
            completion: { type: callback, wait_for: "${response.id}", timeout: 20s }
          once: { type: http-client, endpoint: "http://h/o", after_crash: fail }
          sub: { type: workflow, workflow: shared }
        workflows:
          - id: asks
            jobs:
              - { id: a, component: asks, retry: { max_attempts: 2, delay: 1s } }
              - { id: b, component: call, input: "${jobs.a.output}" }
          - id: shared
            jobs:
              - { id: w, type: wait, wait_for: "${input.key}", timeout: 15s, retry: { max_attempts: 2, delay: 2s } }
          - id: pair
            jobs:
              - { id: a, type: wait, wait_for: "${input.key}", timeout: 25s }
              - { id: b, component: asks, on_error: ignore }
              - { id: c, component: call, depends_on: [ a, b ] }
          - id: each
            jobs:
              - id: e
                type: for-each
                input: ["${input.key}", k1, k2]
                batch_size: 2
                failures: collect
                do: { type: wait, wait_for: "${item}", timeout: 15s }
          - id: keyed
            jobs:
              - { id: a, component: keyed, retry: { max_attempts: 2, delay: 1s } }
          - id: child
            timeout: 1h
            jobs:
              - { id: a, component: sub, input: "${input}", on_error: ignore }
              - { id: b, component: sub, input: "${input}", on_error: ignore }
              - { id: c, component: call, depends_on: [ a, b ] }
          - id: asked
            jobs:
              - { id: a, component: call, interrupt: { before: true } }
              - { id: b, type: wait, wait_for: "${input.key}", timeout: 15s, depends_on: [ a ] }
          - id: slow
            jobs:
              - { id: a, type: delay, duration: 3s }
              - { id: b, component: asks, depends_on: [ a ], timeout: 8s, on_error: ignore }
          - id: once
            jobs:
              - { id: a, component: once, retry: { max_attempts: 2, delay: 1s } }
              - { id: b, component: asks, depends_on: [ a ] }
          - id: branches
            jobs:
              - { id: a, type: wait, wait_for: "${input.key}", timeout: 9s }
              - { id: b, component: keyed }
        """#

    /// The configuration, read once.
    static let configuration: Configuration = {
        let diagnostics = Diagnostics()
        let documents = YAMLReader.read(
            Array(text.utf8),
            file: "simulation.yml",
            diagnostics: diagnostics
        )
        guard let document = documents.first else {
            preconditionFailure("the plans are no document")
        }
        let configuration = Configuration(
            document,
            environment: [:],
            isFragment: false,
            diagnostics: diagnostics
        )
        let findings = diagnostics.all.map { "\($0.position.line): \($0.message)" }
        precondition(!diagnostics.hasErrors, "\(findings)")
        return configuration
    }()

    /// The callback endpoints.
    static let endpoints: [CallbackEndpoint] = configuration.listeners.flatMap {
        listener -> [CallbackEndpoint] in
        if case .callbacks(let endpoints) = listener.endpoints { endpoints } else { [] }
    }
}
