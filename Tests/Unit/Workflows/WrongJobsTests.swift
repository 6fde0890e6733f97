import Testing

/// Jobs of every type, used wrongly.
@Suite struct WrongJobsTests {
    private static let service =
        "component: { id: s, type: http-client, endpoint: \"http://h/x\" }\n"

    static let wrong: [Wrong] = [
        Wrong(
            "a component that is a list",
            service + "workflow: { jobs: [ { id: a, component: [s] } ] }",
            [
                "2:41 found a list, expected the id of a component, or a component"
            ]
        ),
        Wrong(
            "an action of another component",
            service + "workflow: { jobs: [ { id: a, component: s, action: other } ] }",
            [
                "2:52 component `s` has no action `other`; there are `__action__`"
            ]
        ),
        Wrong(
            "a repeat count that is a word",
            service + "workflow: { jobs: [ { id: a, component: s, repeat_count: many } ] }",
            [
                "2:58 found the text `many`, expected an integer of 0 or more"
            ]
        ),
        Wrong(
            "a job type that is a number",
            service + "workflow: { jobs: [ { id: a, type: 5 } ] }",
            [
                "2:36 there is no job type `5`; there are `component`, `wait`, `delay`, `if`, `switch`, `random-router`, `filter`, `for-each`, `loop`, `pipeline`, `accumulate`, `fan-out`"
            ]
        ),
        Wrong(
            "jobs that are text",
            service + "workflow: { jobs: run }",
            [
                "2:19 found the text `run`, expected a list, or a map by id"
            ]
        ),
        Wrong(
            "a job that is text",
            service + "workflow: { jobs: [ run ] }",
            [
                "2:21 found the text `run`, expected a map"
            ]
        ),
        Wrong(
            "a job id that is a list",
            service + "workflow: { jobs: [ { id: [x], component: s } ] }",
            [
                "2:27 found a list, expected the id of the job"
            ]
        ),
        Wrong(
            "a depends_on that is a map",
            service + "workflow: { jobs: [ { id: a, component: s, depends_on: { b: c } } ] }",
            [
                "2:56 found a map, expected the id of a job"
            ]
        ),
        Wrong(
            "an empty group of dependencies",
            service + "workflow: { jobs: [ { id: a, component: s, depends_on: [[]] } ] }",
            [
                "2:57 found an empty list, expected ids of jobs"
            ]
        ),
        Wrong(
            "an unknown dependency in a group",
            service
                + "workflow: { jobs: [ { id: a, component: s }, { id: b, component: s, depends_on: [[a, aa]] } ] }",
            [
                "2:86 there is no job `aa` in this workflow"
            ]
        ),
        Wrong(
            "a max_run_count of nothing",
            service + "workflow: { jobs: [ { id: a, component: s, max_run_count: 0 } ] }",
            [
                "2:59 found the integer `0`, expected an integer from 1 to 10000"
            ]
        ),
        Wrong(
            "a wait with an unknown channel",
            service
                + "workflow: { jobs: [ { id: a, type: wait, wait_for: k, channel: nowhere } ] }",
            [
                "2:64 there is no channel `nowhere`"
            ]
        ),
        Wrong(
            "a wait at an unknown endpoint",
            service
                + "workflow: { jobs: [ { id: a, type: wait, wait_for: k, endpoint: nowhere } ] }",
            [
                "2:65 there is no callback endpoint `nowhere`"
            ]
        ),
        Wrong(
            "a wait with both names of its key",
            service + "workflow: { jobs: [ { id: a, type: wait, wait_for: k, key: k } ] }",
            [
                "2:60 `key` and `wait_for` say the same; expected one of them"
            ]
        ),
        Wrong(
            "a wait whose timeout is none",
            service + "workflow: { jobs: [ { id: a, type: wait, wait_for: k, timeout: later } ] }",
            [
                "2:64 found the text `later`, expected a duration such as `250ms`, `30s`, `5m` or `1h30m`"
            ]
        ),
        Wrong(
            "a delay without anything",
            service + "workflow: { jobs: [ { id: a, type: delay } ] }",
            [
                "2:21 a delay needs `duration`"
            ]
        ),
        Wrong(
            "a delay with an unknown mode",
            service
                + "workflow: { jobs: [ { id: a, type: delay, mode: interval, duration: 5s } ] }",
            [
                "2:49 found the text `interval`, expected one of `time-interval`, `specific-time`"
            ]
        ),
        Wrong(
            "a delay until nothing",
            service + "workflow: { jobs: [ { id: a, type: delay, mode: specific-time } ] }",
            [
                "2:21 a delay needs `time`"
            ]
        ),
        Wrong(
            "a delay with a time in the mode of durations",
            service
                + "workflow: { jobs: [ { id: a, type: delay, mode: time-interval, time: 2026-01-01 } ] }",
            [
                "2:70 `time` needs `mode: specific-time`"
            ]
        ),
        Wrong(
            "a delay until a time that is none",
            service + "workflow: { jobs: [ { id: a, type: delay, time: tomorrow } ] }",
            [
                "2:49 found the text `tomorrow`, expected a time such as 2026-11-21T10:00:00Z"
            ]
        ),
        Wrong(
            "a delay until a day that is none",
            service + "workflow: { jobs: [ { id: a, type: delay, time: 2026-02-30 } ] }",
            [
                "2:49 found the text `2026-02-30`, expected a time such as 2026-11-21T10:00:00Z"
            ]
        ),
        Wrong(
            "an if without conditions",
            service + "workflow: { jobs: [ { id: a, type: if } ] }",
            [
                "2:21 the key `conditions` is missing, expected a list of conditions"
            ]
        ),
        Wrong(
            "an if whose conditions are a map",
            service + "workflow: { jobs: [ { id: a, type: if, conditions: { operator: eq } } ] }",
            [
                "2:52 found a map, expected a list"
            ]
        ),
        Wrong(
            "an if with an unknown operator",
            service
                + "workflow: { jobs: [ { id: a, type: if, conditions: [ { operator: equals, value: 1, if_true: a } ] } ] }",
            [
                "2:21 job `a` can never run: only jobs that follow from it lead to it (`a` → `a`)",
                "2:66 `equals` is not an operator; there are `eq`, `neq`, `gt`, `gte`, `lt`, `lte`, `in`, `not-in`, `match`, `starts-with`, `ends-with`",
            ]
        ),
        Wrong(
            "an if that leads nowhere",
            service
                + "workflow: { jobs: [ { id: a, type: if, conditions: [ { operator: eq, value: 1, if_true: b } ] } ] }",
            [
                "2:89 there is no job `b` in this workflow"
            ]
        ),
        Wrong(
            "an if with a wrong pattern",
            service
                + #"workflow: { jobs: [ { id: a, type: if, conditions: [ { operator: match, value: "(", if_true: a } ] } ] }"#,
            [
                "2:21 job `a` can never run: only jobs that follow from it lead to it (`a` → `a`)",
                "2:80 the pattern is wrong at character 2: missing closing parenthesis",
            ]
        ),
        Wrong(
            "an if without a value",
            service
                + "workflow: { jobs: [ { id: a, type: if, conditions: [ { operator: gt, if_true: a } ] } ] }",
            [
                "2:21 job `a` can never run: only jobs that follow from it lead to it (`a` → `a`)",
                "2:54 the operator `gt` needs a `value`",
            ]
        ),
        Wrong(
            "an if with an unknown key",
            service
                + "workflow: { jobs: [ { id: a, type: if, conditions: [ { operator: eq, value: 1, then: a } ] } ] }",
            [
                "2:80 unknown key `then`"
            ]
        ),
        Wrong(
            "a switch without cases",
            service + "workflow: { jobs: [ { id: a, type: switch } ] }",
            [
                "2:21 the key `cases` is missing, expected a list of cases with `value` and `then`"
            ]
        ),
        Wrong(
            "a switch whose case leads nowhere",
            service
                + "workflow: { jobs: [ { id: a, type: switch, cases: [ { value: 1, then: b } ] } ] }",
            [
                "2:71 there is no job `b` in this workflow"
            ]
        ),
        Wrong(
            "a switch whose case has no target",
            service + "workflow: { jobs: [ { id: a, type: switch, cases: [ { value: 1 } ] } ] }",
            [
                "2:53 the key `then` is missing, expected the job it leads to"
            ]
        ),
        Wrong(
            "a switch with an unknown key",
            service
                + "workflow: { jobs: [ { id: a, type: switch, cases: [ { value: 1, to: a } ] } ] }",
            [
                "2:53 the key `then` is missing, expected the job it leads to",
                "2:65 unknown key `to`",
            ]
        ),
        Wrong(
            "a random-router without ways",
            service + "workflow: { jobs: [ { id: a, type: random-router } ] }",
            [
                "2:21 the key `routings` is missing, expected a list of ways with `to`"
            ]
        ),
        Wrong(
            "a random-router with no weight",
            service
                + "workflow: { jobs: [ { id: a, type: random-router, mode: weighted, routings: [ { to: a, weight: 0 } ] } ] }",
            [
                "2:21 a random router needs a way with a weight above 0",
                "2:21 job `a` can never run: only jobs that follow from it lead to it (`a` → `a`)",
            ]
        ),
        Wrong(
            "a random-router with a negative weight",
            service
                + "workflow: { jobs: [ { id: a, type: random-router, mode: weighted, routings: [ { to: a, weight: -1 } ] } ] }",
            [
                "2:21 job `a` can never run: only jobs that follow from it lead to it (`a` → `a`)",
                "2:96 found the integer `-1`, expected a number from 0 to 1000000000",
            ]
        ),
        Wrong(
            "a random-router with an unknown mode",
            service
                + "workflow: { jobs: [ { id: a, type: random-router, mode: fair, routings: [ { to: a } ] } ] }",
            [
                "2:21 job `a` can never run: only jobs that follow from it lead to it (`a` → `a`)",
                "2:57 found the text `fair`, expected one of `uniform`, `weighted`",
            ]
        ),
        Wrong(
            "a filter whose condition is a number",
            service
                + #"workflow: { jobs: [ { id: a, type: filter, input: "${input}", where: 5 } ] }"#,
            [
                "2:70 a condition is a map with `input`, `operator` and `value`, or an expression that yields a boolean, not an integer"
            ]
        ),
        Wrong(
            "a filter with an empty condition",
            service
                + #"workflow: { jobs: [ { id: a, type: filter, input: "${input}", where: { } } ] }"#,
            [
                "2:70 the condition has no `input`"
            ]
        ),
        Wrong(
            "a for-each without a list",
            service + "workflow: { jobs: [ { id: a, type: for-each, do: { component: s } } ] }",
            [
                "2:21 the key `input` is missing, expected the list of items"
            ]
        ),
        Wrong(
            "a for-each without a body",
            service + #"workflow: { jobs: [ { id: a, type: for-each, input: "${input}" } ] }"#,
            [
                "2:21 the key `do` is missing, expected a job without id"
            ]
        ),
        Wrong(
            "a for-each with a router inside",
            service
                + #"workflow: { jobs: [ { id: a, type: for-each, input: "${input}", do: { type: if } } ] }"#,
            [
                "2:77 a `do` cannot be a router"
            ]
        ),
        Wrong(
            "a for-each with a dependency inside",
            service
                + #"workflow: { jobs: [ { id: a, type: for-each, input: "${input}", do: { component: s, depends_on: [a] } } ] }"#,
            [
                "2:97 a `do` cannot depend on other jobs"
            ]
        ),
        Wrong(
            "a for-each with a batch of nothing",
            service
                + #"workflow: { jobs: [ { id: a, type: for-each, input: "${input}", batch_size: 0, do: { component: s } } ] }"#,
            [
                "2:77 found the integer `0`, expected an integer from 1 to 10000"
            ]
        ),
        Wrong(
            "a for-each with unknown failures",
            service
                + #"workflow: { jobs: [ { id: a, type: for-each, input: "${input}", failures: last, do: { component: s } } ] }"#,
            [
                "2:75 found the text `last`, expected one of `first`, `collect`"
            ]
        ),
        Wrong(
            "a for-each with a handler list inside",
            service
                + #"workflow: { jobs: [ { id: a, type: for-each, input: "${input}", do: { component: s, on_error: [ { component: s } ] } } ] }"#,
            [
                "2:97 a `do` takes `ignore` or `{output: …}` as `on_error`, not a list of jobs"
            ]
        ),
        Wrong(
            "a loop with both conditions",
            service
                + #"workflow: { jobs: [ { id: a, type: loop, while: "${output}", until: "${output}", do: { component: s } } ] }"#,
            [
                "2:21 a loop needs one of `while` and `until`"
            ]
        ),
        Wrong(
            "a loop without a body",
            service + #"workflow: { jobs: [ { id: a, type: loop, while: "${output}" } ] }"#,
            [
                "2:21 the key `do` is missing, expected a job without id"
            ]
        ),
        Wrong(
            "a loop that never ends",
            service
                + #"workflow: { jobs: [ { id: a, type: loop, until: "${output}", max_iteration_count: 100000, do: { component: s } } ] }"#,
            [
                "2:83 found the integer `100000`, expected an integer from 1 to 10000"
            ]
        ),
    ]

    @Test(arguments: wrong) func `it is told with its place`(_ wrong: Wrong) {
        #expect(PlanFixture(wrong.text).findings.sorted() == wrong.said.sorted())
    }
}
