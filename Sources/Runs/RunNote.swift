internal import JSONWire
package import Primitives
internal import Workflows

/// One entry of a run's kept history, in few bytes: what is not the same for all kinds is JSON text already.
package struct RunNote: Sendable {
    /// What happened.
    package enum Kind: String, Sendable, CaseIterable {
        case runStarted = "run_started"
        case stepStarted = "step_started"
        case sent
        case waiting
        case resumed
        case retrying
        case interrupted
        case stepCompleted = "step_completed"
        case recovered
        case stepFailed = "step_failed"
        case stepSkipped = "step_skipped"
        case stepCancelled = "step_cancelled"
        case routed
        case noted
        case runRetried = "run_retried"
        case runCompleted = "run_completed"
        case runFailed = "run_failed"
        case runCancelled = "run_cancelled"
    }

    /// Its place in the run's whole history, from 1.
    package let number: UInt32
    /// The step's try, from 1; 0 for facts of the whole run.
    package let attempt: Int32
    /// When it happened.
    package let time: WallTime
    /// The step; nil for facts of the whole run.
    package let step: String?
    /// What happened.
    package let kind: Kind
    /// Further members, as JSON text that begins with a comma; empty for none.
    private let detail: String

    /// The most characters of a text that are kept.
    private static let textMax = 300

    /// Takes what is kept of an entry.
    init(_ entry: HistoryEntry, number: UInt32) {
        self.number = number
        attempt = Int32(clamping: entry.attempt)
        time = entry.time
        step = entry.step
        let (kind, more) = Self.taken(entry.kind)
        self.kind = kind
        detail =
            more.isEmpty
            ? "" : more.members.map { ",\(Self.quoted($0.name)):\($0.value.jsonText)" }.joined()
    }

    /// The entry as a JSON object.
    package var jsonText: String {
        var text = #"{"number":\#(number),"time":"\#(time.rfc3339)","kind":"\#(kind.rawValue)""#
        if let step { text += #","step":\#(Self.quoted(step)),"attempt":\#(attempt)"# }
        return text + detail + "}"
    }

    private static func taken(_ kind: HistoryEntry.Kind) -> (Kind, JSONObject) {
        switch kind {
        case .runStarted: (.runStarted, [:])
        case .stepStarted: (.stepStarted, [:])
        case .sent(let what): (.sent, ["request": clipped(what)])
        case .waiting(let keys, let until):
            (
                .waiting,
                ["keys": .array(keys.map(JSONValue.string)), "until": .string(until.rfc3339)]
            )
        case .resumed(let key): (.resumed, ["key": .string(key)])
        case .retrying(let failure, let at):
            (.retrying, ["error": told(failure), "at": .string(at.rfc3339)])
        case .interrupted(let id): (.interrupted, ["interrupt_id": .string(id)])
        case .stepCompleted: (.stepCompleted, [:])
        case .recovered(let failure): (.recovered, ["error": told(failure)])
        case .stepFailed(let failure): (.stepFailed, ["error": told(failure)])
        case .stepSkipped: (.stepSkipped, [:])
        case .stepCancelled: (.stepCancelled, [:])
        case .routed(let target): (.routed, ["to": .string(target)])
        case .noted(let note), .warned(let note): (.noted, ["note": clipped(note)])
        case .retriedRun: (.runRetried, [:])
        case .runCompleted: (.runCompleted, [:])
        case .runFailed(let failure):
            (.runFailed, ["error": told(failure.code, failure.message)])
        case .runCancelled(let reason): (.runCancelled, ["reason": clipped(reason)])
        }
    }

    private static func told(_ failure: StepFailure) -> JSONValue {
        told(failure.code, failure.message)
    }

    private static func told(_ code: ProblemCode, _ message: String) -> JSONValue {
        .object(["code": .string(code.rawValue), "message": clipped(message)])
    }

    private static func clipped(_ text: String) -> JSONValue {
        .string(text.count > textMax ? "\(text.prefix(textMax))…" : text)
    }

    private static func quoted(_ text: String) -> String {
        JSONValue.string(text).jsonText
    }
}
