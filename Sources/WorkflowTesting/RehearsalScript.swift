internal import Documents
internal import Expressions
internal import JSONWire
internal import Primitives

/// One test of a workflow as it is written: what the run is given, what others answer, and what must come of it.
struct RehearsalScript {
    /// A request that the workflow is expected to send, and what it is answered.
    struct Exchange {
        /// Its number in the file, from 1.
        let number: Int
        /// Where it is written.
        let position: SourcePosition
        /// What the request must look like; what is not named may be anything.
        let request: JSONObject
        /// How often it is sent; nil is as often as wanted.
        let times: Int?
        /// What comes back.
        let answer: Answer
        /// The callbacks that follow it.
        let callbacks: [Callback]
    }

    /// What a request is answered.
    struct Answer {
        /// How long after the request.
        var after = Nanoseconds(0)
        /// The HTTP status, or the exit code of a program.
        var status = 200
        /// The HTTP header fields.
        var headers: [(name: String, value: String)] = []
        /// The body, or a map of a program's `stdout` and `stderr`; nil for none.
        var body: Template?
        /// Why there is no answer; nil where there is one.
        var failure: ProblemCode?
    }

    /// A callback that somebody sends.
    struct Callback {
        /// Where it is written.
        let position: SourcePosition
        /// The endpoint's path or id; nil for the one that ``url`` names, or the only one.
        let endpoint: String?
        /// Where it is sent: its path names the endpoint, its query is the callback's; nil where it is not written so.
        let url: Template?
        /// How long after the request it belongs to, or after the start.
        let after: Nanoseconds
        /// The path it is sent to; nil for the one of ``url``, else the endpoint's, which must have no parameters then.
        let path: Template?
        /// Further pairs of the query, a map.
        let query: Template?
        /// The header fields, a map.
        let headers: Template?
        /// The body; nil for none.
        let body: Template?
    }

    /// What must come of the run.
    enum Expectation {
        /// It completes, with whatever output.
        case completion
        /// It completes with this output.
        case output(JSONValue)
        /// It fails; each member named must fit.
        case failure(JSONObject)
    }

    /// What it is called in reports.
    var name: String
    /// The configuration's files, as written.
    var configuration: [String] = []
    /// The workflow; nil for the default one.
    var workflow: String?
    /// The run's input.
    var input = JSONValue.null
    /// What `${env.NAME}` yields.
    var environment: [String: String] = [:]
    /// What `${secret.NAME}` yields.
    var secrets: [String: String] = [:]
    /// The requests.
    var exchanges: [Exchange] = []
    /// The callbacks that no request causes.
    var callbacks: [Callback] = []
    /// The answers of people, by the interrupt's id.
    var answers = JSONObject()
    /// What must come of it.
    var expectation = Expectation.completion
}
