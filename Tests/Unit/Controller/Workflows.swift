/// The configurations of these tests.
enum Workflows {
    /// A workflow that ends at once, one that fails, one that waits for a callback, one that asks a person, and one that
    /// nobody lists.
    static let all = """
        listener:
          type: http-callback
          port: LISTENER
          path: /done
          identify_by: ${body.id}

        components:
          - { id: say, type: logger, message: "${input.word}", data: "${input}", output: "${input}" }

        workflows:
          - id: quick
            title: Says a word
            description: Ends at once.
            default: true
            jobs:
              - id: say
                component: say
                input: { word: "${input.word | hello}", count: "${input.count as integer | 3}" }
            output: { said: "${output.word}", count: "${output.count as integer}", fixed: 1 }
          - id: broken
            jobs: [ { id: cast, component: say, input: { word: "${input.word as integer}" } } ]
          - id: held
            jobs: [ { id: hold, type: wait, wait_for: "${input.key}", timeout: 60s } ]
            output: { word: "${output.word}" }
          - id: asking
            jobs:
              - id: ask
                component: say
                input: "${input}"
                interrupt: { before: { message: "Send ${input.word}?" } }
          - id: asking-twice
            jobs:
              - { id: one, component: say, input: "${input}", interrupt: { before: true } }
              - { id: two, component: say, input: "${input}", interrupt: { before: true } }
          - id: hidden
            private: true
            jobs: [ { id: say, component: say, input: "${input}" } ]
        """
}
