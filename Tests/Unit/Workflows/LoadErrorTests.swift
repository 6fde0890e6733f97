import Documents
import Testing

@testable import Workflows

/// What a wrong configuration is told, with place and suggestion.
@Suite struct LoadErrorTests {
    /// A case: its name, the text, and what must be said of it.
    struct Case: CustomTestStringConvertible {
        let name: String
        let yaml: String
        let findings: [String]
        var testDescription: String { name }
    }

    static let service = "component: { id: s, type: http-client, endpoint: \"http://h/x\" }\n"

    static let cases: [Case] = [
        Case(
            name: "unknown component type",
            yaml: "component: { type: http-clinet, body: {} }",
            findings: [
                "1:20 there is no component type `http-clinet`; there are `http-client`, `http-server`, `shell`, `workflow`, `logger`, `delay` (http-client)"
            ]
        ),
        Case(
            name: "unknown time zone",
            yaml:
                "workflow: { jobs: [ { id: a, type: delay, time: \"2026-03-01T09:00:00\", timezone: Europe/Berln } ] }",
            findings: [
                "1:82 found the text `Europe/Berln`, expected `UTC`, an offset such as `+09:00`, or a time zone such as `Europe/Berlin` (Europe/Berlin)"
            ]
        ),
        Case(
            name: "the last part of a time zone's name",
            yaml:
                "workflow: { jobs: [ { id: a, type: delay, time: \"2026-03-01T09:00:00\", time_zone: new york } ] }",
            findings: [
                "1:83 found the text `new york`, expected `UTC`, an offset such as `+09:00`, or a time zone such as `Europe/Berlin` (America/New_York)"
            ]
        ),
        Case(
            name: "a time zone that leads out of the folder",
            yaml:
                "workflow: { jobs: [ { id: a, type: delay, time: \"2026-03-01T09:00:00\", timezone: ../../../etc/shadow } ] }",
            findings: [
                "1:82 found the text `../../../etc/shadow`, expected `UTC`, an offset such as `+09:00`, or a time zone such as `Europe/Berlin`"
            ]
        ),
        Case(
            name: "unknown time zone in the time itself",
            yaml:
                "workflow: { jobs: [ { id: a, type: delay, time: \"2026-03-01T09:00:00 Europe/Berln\" } ] }",
            findings: [
                "1:49 found the text `2026-03-01T09:00:00 Europe/Berln`, expected a time in a known zone, such as `2026-03-01T09:00:00 Europe/Berlin` (Europe/Berlin)"
            ]
        ),
        Case(
            name: "a time zone without a time",
            yaml:
                "workflow: { jobs: [ { id: a, type: delay, duration: 5s, timezone: UTC } ] }",
            findings: ["1:67 `timezone` needs a `time`"]
        ),
        Case(
            name: "a workflow component that comes back to itself under a bound",
            yaml: """
                components:
                  again: { type: workflow, workflow: outer, max_concurrent_count: 2 }
                  between: { type: workflow, workflow: outer }
                workflows:
                  outer: { jobs: [ { id: a, component: again, input: { } } ] }
                  inner: { jobs: [ { id: a, component: between, input: { } } ] }
                """,
            findings: [
                "2:3 `max_concurrent_count` cannot bound `again`: workflow `outer` uses the component again, and would wait for a place that its own run holds"
            ]
        ),
        Case(
            name: "a workflow component that comes back to itself through another",
            yaml: """
                components:
                  again: { type: workflow, workflow: outer, max_concurrent_count: 2 }
                  between: { type: workflow, workflow: inner }
                workflows:
                  outer: { jobs: [ { id: a, component: between, input: { } } ] }
                  inner: { jobs: [ { id: a, component: again, input: { } } ] }
                """,
            findings: [
                "2:3 `max_concurrent_count` cannot bound `again`: workflow `outer`, which starts `inner` uses the component again, and would wait for a place that its own run holds"
            ]
        ),
        Case(
            name: "unknown job type",
            yaml: service + "workflow: { jobs: [ { id: a, type: pipelinne } ] }",
            findings: [
                "2:36 there is no job type `pipelinne`; there are `component`, `wait`, `delay`, `if`, `switch`, `random-router`, `filter`, `for-each`, `loop`, `pipeline`, `accumulate`, `fan-out` (pipeline)"
            ]
        ),
        Case(
            name: "unknown component",
            yaml: "components: { sender: { type: http-client, endpoint: \"http://h/x\" } }\n"
                + "workflow: { jobs: [ { id: a, component: sendr } ] }",
            findings: ["2:41 there is no component `sendr` (sender)"]
        ),
        Case(
            name: "unknown key of a job",
            yaml: service + "workflow: { jobs: [ { id: a, component: s, dependson: [b] } ] }",
            findings: ["2:44 unknown key `dependson` (depends_on)"]
        ),
        Case(
            name: "unknown key of a component",
            yaml: "component: { type: http-client, endpoint: \"http://h/x\", bdoy: {} }\n",
            findings: ["1:57 unknown key `bdoy` (body)"]
        ),
        Case(
            name: "several jobs without ids",
            yaml: service + "workflow: { jobs: [ { component: s }, { component: s } ] }",
            findings: []
        ),
        Case(
            name: "the same id twice",
            yaml: service
                + "workflow: { jobs: [ { id: a, component: s }, { id: a, component: s } ] }",
            findings: ["2:46 there is another job with the id `a`"]
        ),
        Case(
            name: "unknown dependency",
            yaml: service
                + "workflow: { jobs: [ { id: first, component: s }, { id: b, component: s, depends_on: [frist] } ] }",
            findings: ["2:86 there is no job `frist` in this workflow (first)"]
        ),
        Case(
            name: "depends on itself",
            yaml: service + "workflow: { jobs: [ { id: a, component: s, depends_on: [a] } ] }",
            findings: ["2:57 job `a` depends on itself"]
        ),
        Case(
            name: "a cycle",
            yaml: service
                + "workflow: { jobs: [ { id: a, component: s, depends_on: [b] }, { id: b, component: s, depends_on: [a] } ] }",
            findings: ["2:21 jobs wait for each other and can never run: `a` → `b` → `a`"]
        ),
        Case(
            name: "a cycle through references",
            yaml: service
                + "workflow:\n  jobs:\n    - { id: a, component: s, input: \"${jobs.b.output}\" }\n    - { id: b, component: s, input: \"${output}\" }",
            findings: ["4:7 jobs wait for each other and can never run: `a` → `b` → `a`"]
        ),
        Case(
            name: "a reference to no job",
            yaml: service
                + "workflow:\n  jobs:\n    - { id: fetch, component: s }\n    - { id: b, component: s, input: \"${jobs.fetsh.output}\" }",
            findings: ["5:40 there is no job `fetsh` in this workflow (fetch)"]
        ),
        Case(
            name: "a job has only an output",
            yaml: service
                + "workflow:\n  jobs:\n    - { id: a, component: s }\n    - { id: b, component: s, input: \"${jobs.a.result}\" }",
            findings: [
                "5:40 a job has only `output`, found `jobs.a.result` (jobs.a.output.result)"
            ]
        ),
        Case(
            name: "the output before the first job",
            yaml: service + "workflow: { jobs: [ { id: a, component: s, input: \"${output}\" } ] }",
            findings: [
                "2:54 `${output}` in the input of the first job: there is no job before it (${input})"
            ]
        ),
        Case(
            name: "a router that leads nowhere",
            yaml: service
                + "workflow:\n  jobs:\n    - { id: pick, type: if, input: 1, value: 1, if_true: gold }\n    - { id: old, component: s }",
            findings: ["4:58 there is no job `gold` in this workflow (old)"]
        ),
        Case(
            name: "jobs that only lead to each other",
            yaml: service
                + "workflow:\n  jobs:\n    - { id: a, type: if, input: 1, value: 1, if_true: b }\n    - { id: b, type: if, input: 1, value: 1, if_true: a }",
            findings: [
                "4:7 job `a` can never run: only jobs that follow from it lead to it (`a` → `b` → `a`)"
            ]
        ),
        Case(
            name: "a gateway that nobody serves",
            yaml:
                "component: { type: http-client, endpoint: \"http://h/x\", body: { u: \"${gateway:9999.public_url}/cb\" } }",
            findings: ["1:68 there is no gateway on port 9999 (gateway:8090)"]
        ),
        Case(
            name: "a field that no gateway has",
            yaml:
                "component: { type: http-client, endpoint: \"http://h/x\", body: { u: \"x ${gateway:8090.publicurl}\" } }",
            findings: [
                "1:73 a gateway has no `publicurl`, expected one of `public_url`, `public_address`, `port`, `driver` (public_url)"
            ]
        ),
        Case(
            name: "no address",
            yaml: "components: { service: { type: http-client, body: {} } }",
            findings: [
                "1:15 `service` has no address: neither `endpoint`, nor `base_url` with `path`"
            ]
        ),
        Case(
            name: "endpoint and path",
            yaml: "component: { type: http-client, endpoint: \"http://h\", path: /x }",
            findings: ["1:43 found both `endpoint` and `path`, expected one of them"]
        ),
        Case(
            name: "a path without base",
            yaml: "component: { type: http-client, path: /x }",
            findings: ["1:39 `path` needs a `base_url` in the component (endpoint: https://…/x)"]
        ),
        Case(
            name: "a method that does not exist",
            yaml: "component: { type: http-client, endpoint: \"http://h/x\", method: PSOT }",
            findings: [
                "1:65 found the text `PSOT`, expected one of `GET`, `POST`, `PUT`, `DELETE`, `PATCH`, `HEAD`, `OPTIONS` (POST)"
            ]
        ),
        Case(
            name: "a timeout that may be seconds or milliseconds",
            yaml: "component: { type: http-client, endpoint: \"http://h/x\", timeout: 300 }",
            findings: [
                "1:66 found the integer `300`, expected a unit: `300s` for seconds or `300ms` for milliseconds"
            ]
        ),
        Case(
            name: "a command that is text",
            yaml: "component: { type: shell, command: echo hi }",
            findings: [
                "1:36 found the text `echo hi`, expected a list of the program and its arguments ([echo, hi])"
            ]
        ),
        Case(
            name: "an action that does not exist",
            yaml:
                "component: { id: s, type: http-client, base_url: \"http://h\", actions: [ { id: list, path: /l }, { id: get, path: /g } ] }\n"
                + "workflow: { jobs: [ { id: a, component: s, action: lst } ] }",
            findings: [
                "2:52 component `s` has no action `lst`; there are `list`, `get` (list)"
            ]
        ),
        Case(
            name: "a job without component",
            yaml: "workflow: { jobs: [ { id: a } ] }",
            findings: ["1:21 the job names no `component`, and there is none"]
        ),
        Case(
            name: "an on_error that is no word of ours",
            yaml: service + "workflow: { jobs: [ { id: a, component: s, on_error: ignor } ] }",
            findings: [
                "2:54 found the text `ignor`, expected `ignore`, a map with `output` or `to`, or a list of jobs (ignore)"
            ]
        ),
        Case(
            name: "a workflow that no component reaches",
            yaml: "component: { id: c, type: workflow, workflow: chidl }\n"
                + "workflow: { id: child, jobs: [ { id: a, component: c } ] }",
            findings: ["1:47 there is no workflow `chidl` (child)"]
        ),
        Case(
            name: "a loop without condition",
            yaml: service + "workflow: { jobs: [ { id: a, type: loop, do: { component: s } } ] }",
            findings: ["2:21 a loop needs one of `while` and `until`"]
        ),
        Case(
            name: "a wait without key",
            yaml: "workflow: { jobs: [ { id: a, type: wait } ] }",
            findings: ["1:21 the key `wait_for` is missing, expected the key to wait for"]
        ),
        Case(
            name: "a delay that is none",
            yaml: "workflow: { jobs: [ { id: a, type: delay, duration: soon } ] }",
            findings: [
                "1:53 found the text `soon`, expected a duration such as 5m or 1h30m"
            ]
        ),
    ]

    @Test(arguments: cases) func `a mistake is told with its place`(one: Case) {
        #expect(PlanFixture(one.yaml).findings == one.findings)
    }

    @Test func `a fragment notes what is absent and incomplete`() {
        let fixture = PlanFixture(
            """
            components:
              service:
                type: http-client
                timeout: 300000                   # 5 minute timeout
                body:
                  callback_url: ${gateway:8090.public_url}/callback
            """,
            gateways: GatewayValues(),
            isFragment: true
        )
        #expect(
            fixture.notes(.absent) == [
                "6:21 there is no gateway on port 8090",
                "6:21 there is no callback endpoint `/callback` on port 8090",
            ]
        )
        #expect(
            fixture.notes(.incomplete) == [
                "2:3 `service` has no address: neither `endpoint`, nor `base_url` with `path`"
            ]
        )
        #expect(fixture.assumptions.map { $0.prefix(5) } == ["4:14 "])
        #expect(!fixture.diagnostics.hasErrors)
    }

    @Test func `a fragment names a component once`() {
        let fixture = PlanFixture(
            """
            workflow:
              jobs:
                - id: async-task
                  component: async-service
                  input: ${input}
                  on_error:
                    - id: retry
                      component: async-service
                      input: ${input}
                      retry:
                        max_attempts: 3
                        delay: 5000
            """,
            isFragment: true
        )
        #expect(fixture.notes(.absent) == ["4:18 there is no component `async-service`"])
        #expect(fixture.assumptions.map { $0.prefix(6) } == ["12:20 "])
        #expect(!fixture.diagnostics.hasErrors)
    }
}
