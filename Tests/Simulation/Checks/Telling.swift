import Journal
import Primitives
import Rendezvous

/// Records in words, for a schedule that is played alone.
enum Telling {
    static func of(_ wait: WaitID) -> String {
        "\(wait.run.text.suffix(4))/\(wait.step)/\(wait.attempt)"
    }

    static func of(_ record: JournalRecord, _ world: World) -> String {
        func letter(_ request: UUIDv7) -> String {
            "letter \(world.lettersOfRequest[request].map { "\($0)" } ?? "?")"
        }
        return switch record {
        case .began(let births, _):
            "began "
                + births.map { "\($0.id.text.suffix(4)) (\($0.workflow))" }.joined(separator: " ")
        case .advanced(let run, let event, _): "advanced \(run.text.suffix(4)) by \(event)"
        case .delivered(let wait, let arrival, _):
            "delivered \(letter(arrival.callback.requestID)) to \(of(wait))"
        case .held(let arrival, _, _): "held \(letter(arrival.callback.requestID))"
        case .fetched(let wait, _, let callback, _):
            "fetched \(letter(callback.requestID)) by \(of(wait))"
        case .waiting(let wait, let keys, _):
            "waiting \(of(wait)) for "
                + keys.map { String(decoding: $0.bytes, as: UTF8.self) }.joined(separator: " ")
        case .keyAdded(let wait, _): "key added to \(of(wait))"
        case .ended(let wait, let how, _): "ended \(of(wait)): \(how)"
        case .timedOut(let wait, _): "timed out \(of(wait))"
        case .unfetched(let number, _): "unfetched \(number)"
        case .finished(let run, let status, _): "finished \(run.text.suffix(4)): \(status)"
        case .received: "received"
        case .text: "text"
        }
    }
}
