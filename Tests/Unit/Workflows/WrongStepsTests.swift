import Testing

/// What every job may say, used wrongly: retry, on_error, interrupt, timeouts, sources and operators.
@Suite struct WrongStepsTests {
    private static let service =
        "component: { id: s, type: http-client, endpoint: \"http://h/x\" }\n"

    static let wrong: [Wrong] = [
        Wrong(
            "a retry that is a word",
            service + "workflow: { jobs: [ { id: a, component: s, retry: often } ] }",
            [
                "2:51 found the text `often`, expected an integer from 1 to 1000"
            ]
        ),
        Wrong(
            "a retry of nothing",
            service + "workflow: { jobs: [ { id: a, component: s, retry: 0 } ] }",
            [
                "2:51 found the integer `0`, expected an integer from 1 to 1000"
            ]
        ),
        Wrong(
            "a retry with both names",
            service
                + "workflow: { jobs: [ { id: a, component: s, retry: { max_attempts: 2, max_attempt_count: 2 } } ] }",
            [
                "2:51 `max_attempts` and `max_attempt_count` say the same; expected one of them"
            ]
        ),
        Wrong(
            "a retry with a delay that may be either",
            service
                + "workflow: { jobs: [ { id: a, component: s, retry: { max_attempts: 2, delay: 5 } } ] }",
            [
                "2:77 found the integer `5`, expected a unit: `5s` for seconds or `5ms` for milliseconds"
            ]
        ),
        Wrong(
            "a retry with an unknown backoff",
            service
                + "workflow: { jobs: [ { id: a, component: s, retry: { max_attempt_count: 2, backoff: linear } } ] }",
            [
                "2:84 found the text `linear`, expected one of `fixed`, `exponential`"
            ]
        ),
        Wrong(
            "a retry on an unknown code",
            service
                + "workflow: { jobs: [ { id: a, component: s, retry: { max_attempt_count: 2, on: http_stauts } } ] }",
            [
                "2:79 found the text `http_stauts`, expected a code such as `connect_failed` or `callback_timeout`, or an HTTP status such as `429` or `5xx` (http_status)"
            ]
        ),
        Wrong(
            "a retry with an unknown key",
            service + "workflow: { jobs: [ { id: a, component: s, retry: { tries: 2 } } ] }",
            [
                "2:53 unknown key `tries`"
            ]
        ),
        Wrong(
            "an on_error with an unknown key",
            service + "workflow: { jobs: [ { id: a, component: s, on_error: { goto: a } } ] }",
            [
                "2:56 unknown key `goto`"
            ]
        ),
        Wrong(
            "an on_error that leads nowhere",
            service + "workflow: { jobs: [ { id: a, component: s, on_error: { to: b } } ] }",
            [
                "2:60 there is no job `b` in this workflow"
            ]
        ),
        Wrong(
            "an on_error that is a number",
            service + "workflow: { jobs: [ { id: a, component: s, on_error: 5 } ] }",
            [
                "2:54 found the integer `5`, expected `ignore`, a map with `output` or `to`, or a list of jobs"
            ]
        ),
        Wrong(
            "a handler that depends on a job",
            service
                + "workflow: { jobs: [ { id: a, component: s, on_error: [ { component: s, depends_on: [a] } ] } ] }",
            [
                "2:85 a job of `on_error` runs after the one before it and depends on nothing else"
            ]
        ),
        Wrong(
            "a handler with the id of a job",
            service
                + "workflow: { jobs: [ { id: a, component: s, on_error: [ { id: a, component: s } ] } ] }",
            [
                "2:56 there is another job with the id `a`"
            ]
        ),
        Wrong(
            "a handler that leads to a job",
            service
                + "workflow: { jobs: [ { id: a, component: s, on_error: [ { type: if, conditions: [ { operator: eq, value: 1, if_true: b } ] } ] }, { id: b, component: s } ] }",
            [
                "2:117 only a job of the workflow's own list can lead to another"
            ]
        ),
        Wrong(
            "error outside of on_error",
            service
                + #"workflow: { jobs: [ { id: a, component: s, input: "${error.message}" } ] }"#,
            [
                "2:54 the source `error` is not available here; here are `context`, `input`, `gateway`, `env`, `secret`, `jobs`, `output`; it is there in `on_error`"
            ]
        ),
        Wrong(
            "an interrupt that is a word",
            service + "workflow: { jobs: [ { id: a, component: s, interrupt: yes please } ] }",
            [
                "2:55 found the text `yes please`, expected a map"
            ]
        ),
        Wrong(
            "an interrupt at no place",
            service
                + "workflow: { jobs: [ { id: a, component: s, interrupt: { during: true } } ] }",
            [
                "2:57 unknown key `during`"
            ]
        ),
        Wrong(
            "an interrupt whose place is a word",
            service
                + "workflow: { jobs: [ { id: a, component: s, interrupt: { before: always } } ] }",
            [
                "2:65 found the text `always`, expected `true`, `false`, or a map with `condition`, `message` and `metadata`"
            ]
        ),
        Wrong(
            "an interrupt with an unknown key",
            service
                + "workflow: { jobs: [ { id: a, component: s, interrupt: { before: { question: Go? } } } ] }",
            [
                "2:67 unknown key `question`"
            ]
        ),
        Wrong(
            "an interrupt with a wrong condition",
            service
                + "workflow: { jobs: [ { id: a, component: s, interrupt: { before: { condition: { operator: is } } } } ] }",
            [
                "2:78 the condition has no `input`",
                "2:90 `is` is not an operator; there are `eq`, `neq`, `gt`, `gte`, `lt`, `lte`, `in`, `not-in`, `match`, `starts-with`, `ends-with`",
            ]
        ),
        Wrong(
            "a step's timeout that is none",
            service + "workflow: { jobs: [ { id: a, component: s, timeout: -5s } ] }",
            [
                "2:53 found the text `-5s`, expected a duration such as `250ms`, `30s`, `5m` or `1h30m`"
            ]
        ),
        Wrong(
            "a workflow's timeout that is a list",
            service + "workflow: { timeout: [5s], jobs: [ { id: a, component: s } ] }",
            [
                "2:22 found a list, expected a duration such as `250ms`, `30s`, `5m` or `1h30m`"
            ]
        ),
        Wrong(
            "a workflow with an unknown key",
            service + "workflow: { steps: [ { id: a, component: s } ] }",
            [
                "2:13 unknown key `steps`"
            ]
        ),
        Wrong(
            "two default workflows",
            service
                + "workflows: { a: { default: true, jobs: [ { component: s } ] }, b: { default: true, jobs: [ { component: s } ] } }",
            [
                "2:64 two workflows are marked `default: true`; expected one"
            ]
        ),
        Wrong(
            "two workflows with one id",
            service
                + "workflows: [ { id: a, jobs: [ { component: s } ] }, { id: a, jobs: [ { component: s } ] } ]",
            [
                "2:53 there is another workflow with the id `a`"
            ]
        ),
        Wrong(
            "item outside of a for-each",
            service + #"workflow: { jobs: [ { id: a, component: s, input: "${item}" } ] }"#,
            [
                "2:54 the source `item` is not available here; here are `context`, `input`, `gateway`, `env`, `secret`, `jobs`, `output`; they are there inside `do` and `*`"
            ]
        ),
        Wrong(
            "response in a step",
            service + #"workflow: { jobs: [ { id: a, component: s, input: "${response.x}" } ] }"#,
            [
                "2:54 the source `response` is not available here; here are `context`, `input`, `gateway`, `env`, `secret`, `jobs`, `output`; what a job's component yields is `output`, in the job's own `output`"
            ]
        ),
        Wrong(
            "a spread of a number",
            service + #"workflow: { jobs: [ { id: a, component: s, input: { "...": 5 } } ] }"#,
            [
                "2:60 `...` takes a map, not an integer"
            ]
        ),
        Wrong(
            "a choice without a condition",
            service
                + #"workflow: { jobs: [ { id: a, component: s, input: { "?": { if_true: 1 } } } ] }"#,
            [
                "2:58 the condition has no `input`"
            ]
        ),
        Wrong(
            "a join of no list",
            service + #"workflow: { jobs: [ { id: a, component: s, input: { "+": 5 } } ] }"#,
            [
                "2:58 `+` takes a list of what it joins, not an integer"
            ]
        ),
        Wrong(
            "an each over no list",
            service + #"workflow: { jobs: [ { id: a, component: s, input: { "*": 5 } } ] }"#,
            [
                "2:58 `*` takes a list, not an integer"
            ]
        ),
        Wrong(
            "an operator of the reference that we do not have",
            service
                + #"workflow: { jobs: [ { id: a, component: s, input: { "|": "${input}" } } ] }"#,
            [
                #"2:53 the operator `|` is not supported; a key that is written so has a backslash before it (\|)"#
            ]
        ),
    ]

    @Test(arguments: wrong) func `it is told with its place`(_ wrong: Wrong) {
        #expect(PlanFixture(wrong.text).findings.sorted() == wrong.said.sorted())
    }
}
