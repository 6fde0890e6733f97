import TestKit

/// Configurations that keep their decisions in a directory.
enum DurableBlocks {
    /// A listener that takes callbacks by their `id`: one at `/done`, several at `/all`.
    static let oneOrMany = #"""
        listener:
          - type: http-callback
            port: 8090
            callbacks:
              - { path: /done, identify_by: "${body.id}" }
              - { path: /all, bulk: true, item: "${body.items}", identify_by: "${item.id}" }

        """#

    /// The store in a directory, the controller, and what a test adds to them.
    static func bare(_ directory: TemporaryDirectory, _ more: String...) -> Block {
        Block(text: "store: { path: \"\(directory.path("store"))\" }\n" + Completion.controller)
            .adding(more.joined())
    }

    /// A listener for callbacks, a controller, and workflows that wait in several ways.
    static func block(
        _ directory: TemporaryDirectory,
        more: String = "",
        prefix: String = ""
    ) -> Block {
        bare(
            directory,
            #"""
            gateway: { type: public, url: "http://127.0.0.1:8090", port: 8090 }
            listener:
              type: http-callback
              host: 127.0.0.1
              port: 8090
              path: /webhook/completed
              identify_by: ${body.task_id}
              result: ${body.result}
            components:
              caller: { type: http-client, endpoint: "http://127.0.0.1:9101/jobs", body: { job: "${input.key}" },
                        completion: { type: callback, wait_for: "${input.key}" }, output: "${result}" }
              slow: { type: http-client, endpoint: "http://127.0.0.1:9101/slow", body: { job: "${input.key}" } }
              once: { type: http-client, endpoint: "http://127.0.0.1:9101/slow", body: { job: "${input.key}" },
                      after_crash: fail }
              inner: { type: workflow, workflow: wait, input: "${input}", output: "${output}" }
            workflows:
              - id: wait
                jobs: [ { id: call, component: caller, input: "${input}", output: "\#(prefix)${output}" } ]
              - id: slow
                jobs: [ { id: call, component: slow, input: "${input}", output: "${output}" } ]
              - id: once
                jobs: [ { id: call, component: once, input: "${input}", output: "${output}" } ]
              - id: outer
                jobs: [ { id: child, component: inner, input: "${input}", output: "${output}" } ]
              - id: rest
                jobs: [ { id: pause, type: delay, duration: 1s }, { id: call, component: caller, input: "${input}",
                          depends_on: [pause], output: "${output}" } ]
              - id: brief
                jobs: [ { id: wait, type: wait, key: "${input.key}", timeout: 500ms } ]

            """#,
            more
        )
    }
}
