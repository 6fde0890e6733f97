internal import Rendezvous

extension JournalRecord {
    /// About how many bytes the record takes in memory; values of runs count a fixed sum.
    var weight: Int {
        switch self {
        case .began(let births, let claims):
            births.reduce(0) { $0 + $1.labels.count + 1024 }
                + claims.reduce(0) { $0 + $1.answer.count + 128 }
        case .advanced: 1024
        case .delivered(_, let arrival, _), .held(let arrival, _, _):
            256 + arrival.callback.byteCount + (arrival.request?.weight ?? 0)
        case .fetched(_, _, let callback, _): 256 + callback.byteCount
        case .waiting(_, let keys, _): keys.reduce(128) { $0 + $1.bytes.count + 32 }
        case .keyAdded(_, let key): 128 + key.bytes.count
        case .ended, .timedOut, .unfetched, .finished: 128
        case .received(let request): request.weight
        case .text(_, let bytes): 128 + bytes.count
        }
    }
}

extension ReceivedRequest {
    /// About how many bytes the request takes in memory.
    fileprivate var weight: Int { 512 + headers.count + body.count + note.utf8.count }
}
