import Documents
import JSONWire
import Primitives
import Testing

@testable import Workflows

/// An expression that fails in a run tells where it is written, what shape the value has, and the step; never the value.
@Suite struct RuntimeErrorTests {
    /// A place of a workflow at which an expression fails.
    struct Place: Sendable, CustomTestStringConvertible {
        let what: String
        /// The workflow's jobs, from line 3 on; `s` sends a request, `say` logs, `sh` runs a program.
        let jobs: String
        let said: String
        let step: String?
        let code: ProblemCode
        var testDescription: String { what }

        init(
            _ what: String,
            _ jobs: String,
            _ said: String,
            step: String? = "a",
            code: ProblemCode = .expressionFailed
        ) {
            self.what = what
            self.jobs = jobs
            self.said = said
            self.step = step
            self.code = code
        }
    }

    private static let components = """
        component: { id: s, type: http-client, endpoint: "http://h/x", method: GET }
        workflow:

        """

    /// What the run is started with: a text where numbers, lists and booleans are wanted.
    private static let content = "s3cret-content"

    static let places: [Place] = [
        Place(
            "a step's input",
            "  jobs: [ { id: a, component: s, input: { n: \"${input as integer}\" } } ]",
            "s.yml:3:58: cannot cast `as integer`: the text is not an integer, in ${input as integer}"
        ),
        Place(
            "a step's output",
            "  jobs: [ { id: a, component: s, output: \"${input as integer}\" } ]",
            "s.yml:3:54: cannot cast `as integer`: the text is not an integer, in ${input as integer}"
        ),
        Place(
            "a condition of an if",
            "  jobs: [ { id: a, type: if, conditions: [ { operator: gt, value: 5, if_true: b } ] }, { id: b, component: s } ]",
            "s.yml:3:44: `gt` cannot order text and an integer: cast the text `as number`"
        ),
        Place(
            "an expression as the condition of an if",
            "  jobs: [ { id: a, type: if, conditions: [ { input: \"${input as integer}\", value: 5, if_true: b } ] }, { id: b, component: s } ]",
            "s.yml:3:65: cannot cast `as integer`: the text is not an integer, in ${input as integer}"
        ),
        Place(
            "a case of a switch",
            "  jobs: [ { id: a, type: switch, input: \"${input as integer}\", cases: [ { value: 5, then: b } ] }, { id: b, component: s } ]",
            "s.yml:3:53: cannot cast `as integer`: the text is not an integer, in ${input as integer}"
        ),
        Place(
            "the list of a for-each",
            "  jobs: [ { id: a, type: for-each, input: \"${input}\", do: { component: s } } ]",
            "s.yml:3:11: for-each needs a list of at most 10000 items, and this is text"
        ),
        Place(
            "an item of a for-each",
            "  jobs: [ { id: a, type: for-each, input: [ \"${input}\" ], do: { component: s, input: \"${item as integer}\" } } ]",
            "s.yml:3:97: cannot cast `as integer`: the text is not an integer, in ${item as integer}",
            step: "a[0]"
        ),
        Place(
            "the list of a filter",
            "  jobs: [ { id: a, type: filter, input: \"${input}\", where: { input: \"${item}\", operator: gt, value: 5 } } ]",
            "s.yml:3:60: `gt` cannot order text and an integer: cast the text `as number`"
        ),
        Place(
            "the condition of a filter",
            "  jobs: [ { id: a, type: filter, input: [ \"${input}\" ], where: \"${item}\" } ]",
            "s.yml:3:64: `condition` takes booleans, not text; compare it with something, or cast it `as boolean`"
        ),
        Place(
            "the condition of a loop",
            "  jobs: [ { id: a, type: loop, input: \"${input}\", until: \"${input as integer}\", do: { component: logger } } ]",
            "s.yml:3:70: cannot cast `as integer`: the text is not an integer, in ${input as integer}"
        ),
        Place(
            "the count of a repeated step",
            "  jobs: [ { id: a, component: s, repeat_count: \"${input}\" } ]",
            "s.yml:3:11: repeat_count must be 0 to 10000, and this is text"
        ),
        Place(
            "the key of a wait",
            "  jobs: [ { id: a, type: wait, wait_for: { k: \"${input}\" } } ]",
            "s.yml:3:11: the key to wait for (${input}) cannot be used: the key must be text, an integer or a boolean, and it is a map",
            code: .waitKeyInvalid
        ),
        Place(
            "the length of a delay",
            "  jobs: [ { id: a, type: delay, duration: \"${input}\" } ]",
            "s.yml:3:43: a delay needs a duration such as 5m or 1h30m, and this is text that is none"
        ),
        Place(
            "the input of the built-in delay",
            "  jobs: [ { id: a, component: delay, input: \"${input}\" } ]",
            "s.yml:3:11: a delay needs a duration such as 5m or 1h30m, and this is text that is none"
        ),
        Place(
            "the condition of an interrupt",
            "  jobs: [ { id: a, component: s, interrupt: { before: { condition: \"${input}\" } } } ]",
            "s.yml:3:68: `condition` takes booleans, not text; compare it with something, or cast it `as boolean`"
        ),
        Place(
            "the output of on_error",
            "  jobs: [ { id: a, component: s, input: \"${input as integer}\", on_error: { output: \"${input as boolean}\" } } ]",
            "s.yml:3:96: cannot cast `as boolean`: the text is neither `true` nor `false`, in ${input as boolean}"
        ),
        Place(
            "a workflow's output",
            "  jobs: [ { id: a, component: s } ]\n  output: \"${input as integer}\"",
            "s.yml:4:23: cannot cast `as integer`: the text is not an integer, in ${input as integer}",
            step: nil
        ),
        Place(
            "a request's body",
            "  jobs: [ { id: a, input: \"${input}\", component: { type: http-client, endpoint: \"http://h/x\", body: { n: \"${input as integer}\" } } } ]",
            "s.yml:3:118: cannot cast `as integer`: the text is not an integer, in ${input as integer}"
        ),
        Place(
            "a request's address",
            "  jobs: [ { id: a, input: \"${input}\", component: { type: http-client, endpoint: \"${input}\" } } ]",
            "s.yml:3:50: component '__workflow__.a': the URL does not begin with http:// or https://",
            code: .requestInvalid
        ),
        Place(
            "a request's parameters",
            "  jobs: [ { id: a, input: \"${input}\", component: { type: http-client, endpoint: \"http://h/x\", params: \"${input}\" } } ]",
            "s.yml:3:50: component '__workflow__.a': the params must be a map, not text",
            code: .requestInvalid
        ),
        Place(
            "a component's output",
            "  jobs: [ { id: a, input: \"${input}\", component: { type: http-client, endpoint: \"http://h/x\", output: \"${input as integer}\" } } ]",
            "s.yml:3:115: cannot cast `as integer`: the text is not an integer, in ${input as integer}"
        ),
        Place(
            "the key of a callback",
            "  jobs: [ { id: a, input: { a: \"${input}\" }, component: { type: http-client, endpoint: \"http://h/x\", completion: { type: callback, wait_for: \"${input}\" } } } ]",
            "s.yml:3:11: the key to wait for (${input}) cannot be used: the key must be text, an integer or a boolean, and it is a map",
            code: .waitKeyInvalid
        ),
        Place(
            "a program's arguments",
            "  jobs: [ { id: a, input: \"${input}\", component: { type: shell, command: [ x, \"${input as integer}\" ] } } ]",
            "s.yml:3:91: cannot cast `as integer`: the text is not an integer, in ${input as integer}"
        ),
        Place(
            "a program's environment",
            "  jobs: [ { id: a, input: \"${input}\", component: { type: shell, command: [ x ], env: { A: \"${input as integer}\" } } } ]",
            "s.yml:3:103: cannot cast `as integer`: the text is not an integer, in ${input as integer}"
        ),
        Place(
            "a child run's input",
            "  jobs: [ { id: a, input: \"${input}\", component: { type: workflow, input: \"${input as integer}\" } } ]",
            "s.yml:3:87: cannot cast `as integer`: the text is not an integer, in ${input as integer}"
        ),
    ]

    @Test(arguments: places) func `it is told with its place, its shape and its step`(
        _ place: Place
    ) throws {
        let fixture = PlanFixture(Self.components + place.jobs)
        #expect(!fixture.diagnostics.hasErrors, "\(fixture.findings)")
        var stage = try #require(RunMachineFixture(fixture))
        stage.start("\"\(Self.content)\"")
        stage.respond("a", "{}")
        let failure = try #require(stage.failure, "the run did not fail")
        #expect(failure.message == place.said)
        #expect(failure.code == place.code)
        #expect(failure.step == place.step)
        #expect(!failure.message.contains(Self.content))
    }
}
