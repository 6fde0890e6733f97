internal import JSONWire
internal import Journal
internal import Listeners
internal import Primitives
internal import Rendezvous
internal import Store

/// Requests of the ledger as the controller shows them.
enum LedgerReport {
    /// A request in a list.
    static func line(_ line: LedgerLine) -> JSONValue {
        var object: JSONObject = [
            "request_id": .string(line.id.text), "time": .string(line.time.rfc3339),
            "status": .string(line.status.name), "endpoint": .string(line.endpoint),
        ]
        if !line.code.isEmpty { object["code"] = .string(line.code) }
        if !line.note.isEmpty { object["note"] = .string(line.note) }
        if !line.key.isEmpty { object["key"] = text(line.key) }
        if let run = line.run { object["task_id"] = .string(run.text) }
        if let verdict = line.verdict { object["verification"] = verification(verdict) }
        object["body_bytes"] = .integer(Int64(clamping: line.bodyBytes))
        return .object(object)
    }

    /// A request with all that is kept of it; `first` is the request that it repeats, where that is known.
    static func full(
        _ entry: LedgerEntry,
        nearest: [NearestKeys.Found]?,
        duplicateOf first: UUIDv7? = nil
    ) -> JSONValue {
        guard case .object(var object) = line(entry.line) else { return .null }
        let request = entry.request
        object["note"] = nil
        object["reason"] = .string(first.map(LedgerNote.duplicate(of:)) ?? reason(entry))
        object["journal_number"] = .integer(Int64(clamping: entry.number))
        let refused = LedgerNote.refusedItems(request.note)
        if !refused.isEmpty { object["rejected"] = .array(refused.map(refusedItem)) }
        if let first { object["duplicate_of"] = .string(first.text) }
        if let first = request.replayOf { object["replay_of"] = .string(first.text) }
        object["method"] = .string(request.method)
        object["target"] = .string(request.target)
        object["peer"] = .string(request.peer)
        object["headers"] = RequestFacts.grouped(request.headerPairs)
        if let body = String(validating: request.body, as: UTF8.self) {
            object["body"] = .string(body)
        } else {
            object["body_base64"] = .string(Base64.text(of: request.body))
        }
        if RequestRecorder.isCut(request) { object["body_is_cut"] = .bool(true) }
        if let nearest { object["nearest_keys"] = .array(nearest.map(nearestKey)) }
        return .object(object)
    }

    /// What the verification of a request's sender came to.
    private static func verification(_ verdict: SenderVerdict) -> JSONValue {
        var object: JSONObject = [
            "state": .string(verdict.state.name), "verifier": .string(verdict.verifier),
        ]
        if !verdict.reason.isEmpty { object["reason"] = .string(verdict.reason) }
        return .object(object)
    }

    private static func refusedItem(_ item: LedgerNote.RefusedItem) -> JSONValue {
        .object(["index": .integer(Int64(clamping: item.index)), "code": .string(item.code)])
    }

    /// A key that somebody waits for.
    static func nearestKey(_ found: NearestKeys.Found) -> JSONValue {
        .object(["key": text(found.key), "task_id": .string(found.wait.run.text)])
    }

    /// A key as text.
    static func text(_ key: [UInt8]) -> JSONValue {
        .string(String(decoding: key, as: UTF8.self))
    }

    /// What became of a request, and why, as a sentence.
    static func reason(_ entry: LedgerEntry) -> String {
        let request = entry.request
        let run = entry.run.map { " of the run \($0.text)" } ?? ""
        switch entry.status {
        case .delivered where request.status == .held:
            return "It was held at first, and then ended a wait\(run)."
        case .delivered: return "It ended a wait\(run)."
        case .held: return "It is held: no run has waited for its key yet."
        case .expired: return "It was held, and no run waited for its key in time."
        case .progress: return "It said that the work is still in progress; that changes nothing."
        case .duplicate, .triggered, .bulk, .rejected, .handshake:
            return request.note.isEmpty ? entry.status.name : LedgerNote.summary(request.note)
        }
    }
}

extension ReceivedRequest.Status {
    /// The word for it.
    var name: String {
        switch self {
        case .delivered: "delivered"
        case .held: "held"
        case .progress: "progress"
        case .duplicate: "duplicate"
        case .triggered: "triggered"
        case .bulk: "bulk"
        case .rejected: "rejected"
        case .expired: "expired"
        case .handshake: "handshake"
        }
    }

    /// What a word means; nil where it is none of them.
    init?(name: some StringProtocol) {
        guard let known = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = known
    }
}
