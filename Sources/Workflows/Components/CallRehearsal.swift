package import JSONWire
internal import Primitives

/// The way a workflow test answers a call.
package enum CallRehearsal: Sendable {
    /// Its end is known without a record: after a pause, and with a line of the report, where there is one.
    case known(CallOutcome, after: Pause = .length(Nanoseconds(0)), report: String? = nil)
    /// It is answered by the first recorded request that fits.
    case recorded(RecordedCall)
}

/// A call as recorded requests see it.
package struct RecordedCall: Sendable {
    /// What reports call it: `the command convert in.png`.
    package let name: String
    /// What happened to it, for reports: `ran`.
    package let verb: String
    /// What a recorded request is compared with.
    package let request: JSONObject
    /// What a recorded status and body mean; the body is nil where none is recorded.
    package let outcome: @Sendable (_ status: Int, _ body: JSONValue?) -> CallOutcome

    /// Describes a call.
    package init(
        name: String,
        verb: String,
        request: JSONObject,
        outcome: @escaping @Sendable (_ status: Int, _ body: JSONValue?) -> CallOutcome
    ) {
        self.name = name
        self.verb = verb
        self.request = request
        self.outcome = outcome
    }
}
