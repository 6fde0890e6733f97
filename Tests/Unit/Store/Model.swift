import Journal
import Primitives
import Rendezvous
import Workflows

@testable import Store

/// What a store has to hold, in the plainest form: a dictionary of each kind, changed record by record.
struct Model {
    /// A run.
    struct Run: Equatable {
        var status: RunStatus?
        var events: [[UInt8]]
        var isActive = true
    }

    /// A held callback.
    struct Held: Equatable {
        let number: UInt64
        let key: WaitKey
        let request: UUIDv7
        let fingerprint: Fingerprint
        let reusesKey: Bool
        let hasEntry: Bool
    }

    /// A request.
    struct Entry: Equatable {
        var status: ReceivedRequest.Status
        var run: UUIDv7?
    }

    let rememberFor: Nanoseconds
    var runs: [UUIDv7: Run] = [:]
    var waits: [WaitID: [WaitKey]] = [:]
    var held: [Held] = []
    var marks: [StoredMark] = []
    var requests: [UInt64: Entry] = [:]

    mutating func apply(_ record: JournalRecord, _ number: UInt64) {
        for (run, row) in record.runEvents {
            if case .began = record {
                runs[run] = Run(events: [row.bytes])
            } else {
                runs[run]?.events.append(row.bytes)
                if case .retry = row.event { runs[run]?.status = nil }
                if runs[run]?.status == nil { runs[run]?.isActive = true }
            }
        }
        switch record {
        case .finished(let run, let status, _):
            if runs[run]?.status == nil { runs[run]?.status = status }
            runs[run]?.isActive = false
        case .received(let request): requests[number] = Entry(status: request.status)
        case .waiting(let wait, let keys, _):
            retire(keys)
            waits[wait] = keys.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        case .keyAdded(let wait, let key):
            guard let keys = waits[wait], !keys.contains(key) else { return }
            retire([key])
            waits[wait] = keys + [key]
        case .delivered(let wait, let arrival, _):
            end(
                wait,
                .answered,
                arrival.time,
                number,
                [arrival.callback.key],
                arrival.fingerprint,
                arrival.reusesKey
            )
            if let request = arrival.request {
                requests[number] = Entry(status: request.status, run: wait.run)
            }
        default: applyHeld(record, number)
        }
    }

    private mutating func applyHeld(_ record: JournalRecord, _ number: UInt64) {
        switch record {
        case .held(let arrival, _, _):
            if let request = arrival.request { requests[number] = Entry(status: request.status) }
            held.append(
                Held(
                    number: number,
                    key: arrival.callback.key,
                    request: arrival.callback.requestID,
                    fingerprint: arrival.fingerprint,
                    reusesKey: arrival.reusesKey,
                    hasEntry: arrival.request != nil
                )
            )
        case .fetched(let wait, let keys, let callback, let stamp):
            let place = held.firstIndex {
                $0.request == callback.requestID && $0.key == callback.key
            }
            let taken = place.map { held.remove(at: $0) }
            retire(keys)
            end(
                wait,
                .answered,
                stamp.wall,
                number,
                keys,
                taken?.fingerprint,
                taken?.reusesKey ?? false
            )
            if let taken, taken.hasEntry {
                requests[taken.number] = Entry(status: .delivered, run: wait.run)
            }
        case .ended(let wait, let how, let time): end(wait, how, time, number)
        case .timedOut(let wait, let stamp): end(wait, .timedOut, stamp.wall, number)
        case .unfetched(let number, _):
            guard let place = held.firstIndex(where: { $0.number == number }) else { return }
            if held.remove(at: place).hasEntry { requests[number]?.status = .expired }
        default: break
        }
    }

    private mutating func retire(_ keys: [WaitKey]) {
        marks.removeAll { $0.reusesKey && keys.contains($0.key) }
    }

    private mutating func end(
        _ wait: WaitID,
        _ how: EndedHow,
        _ time: WallTime,
        _ number: UInt64,
        _ others: [WaitKey] = [],
        _ fingerprint: Fingerprint? = nil,
        _ reusesKey: Bool = false
    ) {
        var keys = waits.removeValue(forKey: wait) ?? []
        for key in others where !keys.contains(key) { keys.append(key) }
        for key in keys {
            marks.append(
                StoredMark(
                    number: number,
                    key: key,
                    how: how,
                    fingerprint: fingerprint,
                    isOlderPrint: false,
                    until: time.advanced(by: rememberFor),
                    reusesKey: reusesKey,
                    wait: wait,
                    time: time
                )
            )
        }
    }
}
