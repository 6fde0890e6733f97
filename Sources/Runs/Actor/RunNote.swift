internal import JSONWire
package import Primitives
internal import Workflows

/// One entry of a run's kept history, in few bytes: what is not the same for all kinds is JSON text already.
package struct RunNote: Sendable {
    /// What happened.
    package enum Kind: UInt8, Sendable, CaseIterable {
        case runStarted
        case stepStarted
        case sent
        case waiting
        case resumed
        case retrying
        case interrupted
        case stepCompleted
        case recovered
        case stepFailed
        case stepSkipped
        case stepCancelled
        case routed
        case noted
        case runRetried
        case runCompleted
        case runFailed
        case runCancelled

        /// The word for it.
        package var name: String {
            switch self {
            case .runStarted: "run_started"
            case .stepStarted: "step_started"
            case .sent: "sent"
            case .waiting: "waiting"
            case .resumed: "resumed"
            case .retrying: "retrying"
            case .interrupted: "interrupted"
            case .stepCompleted: "step_completed"
            case .recovered: "recovered"
            case .stepFailed: "step_failed"
            case .stepSkipped: "step_skipped"
            case .stepCancelled: "step_cancelled"
            case .routed: "routed"
            case .noted: "noted"
            case .runRetried: "run_retried"
            case .runCompleted: "run_completed"
            case .runFailed: "run_failed"
            case .runCancelled: "run_cancelled"
            }
        }
    }

    /// Its place in the run's whole history, from 1, without gaps: the same after a restart.
    package let number: UInt32
    /// The step's try, from 1; 0 for facts of the whole run.
    package let attempt: Int32
    /// When it happened.
    package let time: WallTime
    /// The step; nil for facts of the whole run.
    package let step: String?
    /// The kind in the highest byte, below it the journal number: notes are many.
    private let kindAndJournalNumber: UInt64
    /// Further members, as JSON text that begins with a comma; empty for none.
    private let detail: String

    private static let journalBits = 56
    private static let journalMax: UInt64 = (1 << 56) - 1

    /// What happened.
    package var kind: Kind {
        // It was made of a kind.
        Kind(rawValue: UInt8(kindAndJournalNumber >> Self.journalBits)) ?? .noted
    }

    /// The journal number of the event it comes of; 0 where nothing is written, and for events of stores before version 3.
    package var journalNumber: UInt64 { kindAndJournalNumber & Self.journalMax }

    /// The most characters of a text that are kept.
    private static let textMax = 300

    /// Takes what is kept of an entry.
    init(_ entry: HistoryEntry, number: UInt32, journalNumber: UInt64) {
        self.number = number
        attempt = Int32(clamping: entry.attempt)
        time = entry.time
        step = entry.step
        let (kind, more) = Self.taken(entry.kind)
        kindAndJournalNumber =
            UInt64(kind.rawValue) << Self.journalBits
            | min(journalNumber, Self.journalMax)
        detail =
            more.isEmpty
            ? "" : more.members.map { ",\(Self.quoted($0.name)):\($0.value.jsonText)" }.joined()
    }

    /// The entry as a JSON object.
    package var jsonText: String {
        var text = #"{"number":\#(number),"time":"\#(time.rfc3339)","kind":"\#(kind.name)""#
        if journalNumber > 0 { text += #","journal_number":\#(journalNumber)"# }
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
