internal import Journal
internal import Listeners
internal import Primitives
internal import Rendezvous
internal import Store

/// Why a key did or did not match, as a sentence.
extension KeyExplanation {
    /// What matters most of what is known: an open wait, else a held callback, else how the last wait ended, else the
    /// last request.
    var sentence: String {
        if let wait = story.waits.last { return waiting(wait) }
        if let held = story.held.last { return self.held(held) }
        if let mark = story.marks.max(by: { $0.number < $1.number }) { return ended(mark) }
        if let request = story.requests.last { return came(request) }
        let none =
            unread.isEmpty
            ? "no request that is still kept carried it" : "no request was found by it"
        return "nothing is known about this key\(there): no run waits for it, and \(none)"
            + unread.clauses + hint
    }

    /// Where was looked, where that is not everywhere.
    private var there: String { onlyChannel.map { " on the channel \($0)" } ?? "" }

    private func waiting(_ wait: StoredWait) -> String {
        let told = waits.first { $0.wait.id == wait.id }
        let step = told?.step.map { ", step \($0)," } ?? ""
        let since = told?.since.map { " since \($0.rfc3339)" } ?? ""
        let listening = channelNames(wait)
        let start =
            "the run \(wait.id.run.text)\(step) waits for this key\(since), until "
            + "\(wait.deadline.rfc3339)"
        let elsewhere = story.held.filter { held in
            !wait.keys.contains(held.arrival.callback.key)
        }
        if let held = elsewhere.last {
            return "\(start), on the channel \(listening.joined(separator: ", ")); a callback with "
                + "it came to \(held.arrival.endpoint), which is on the channel "
                + "\(channels.name(of: held.arrival.callback.key.channel)), so the two do not meet"
        }
        guard let request = story.requests.last else {
            let none =
                unread.isEmpty
                ? "no request that carried it has come" : "no request with it alone has come"
            return "\(start); \(none) to an endpoint on its channel "
                + "(\(listening.joined(separator: ", ")))" + unread.clauses + others
        }
        return "\(start); the last request that carried it, at \(request.time.rfc3339) to "
            + "\(request.endpoint), did not end this wait: \(Self.fate(request))" + others
    }

    /// What is held on the wait's channels under other keys, as a clause.
    private var others: String {
        guard othersHeld.count > 0 else { return "" }
        let isNear = !othersHeld.nearest.isEmpty
        let keys = (isNear ? othersHeld.nearest : othersHeld.newest.reversed())
            .map { String(decoding: $0, as: UTF8.self) }
            .joined(separator: ", ")
        let count = othersHeld.count == 1 ? "1 callback is" : "\(othersHeld.count) callbacks are"
        return "; \(count) held there under other keys, for which no run waits; "
            + (isNear ? "those that look like it: \(keys)" : "the newest: \(keys)")
    }

    private func held(_ held: StoredHeld) -> String {
        "a callback with this key came at \(held.arrival.time.rfc3339) to \(held.arrival.endpoint) "
            + "and is held until \(held.until.rfc3339): no run waits for this key\(there)" + hint
    }

    private func ended(_ mark: StoredMark) -> String {
        let how =
            switch mark.how {
            case .answered: "was answered by a callback"
            case .cancelled: "was cancelled"
            case .timedOut: "timed out"
            }
        let after =
            mark.reusesKey
            ? "; another callback with it is held for the next wait (reuse_keys)"
            : "; until \(mark.until.rfc3339) another callback with it is refused with 409"
        return "the wait of the run \(mark.wait.run.text) for this key \(how) at "
            + mark.time.rfc3339 + after
    }

    private func came(_ request: LedgerLine) -> String {
        "no run waits for this key\(there); the last request that carried it came at "
            + "\(request.time.rfc3339) to \(request.endpoint): \(Self.fate(request))" + hint
    }

    private static func fate(_ request: LedgerLine) -> String {
        switch request.status {
        case .delivered:
            "it ended a wait\(request.run.map { " of the run \($0.text)" } ?? ""), which is not "
                + "remembered any more or was another one"
        case .held: "it was held"
        case .expired: "it was held, and no run waited for its key in time"
        case .handshake: "it was a question of its sender, and started nothing"
        case .progress: "it said that the work is still in progress"
        case .duplicate: "it repeated an earlier one"
        case .triggered: "it started runs"
        case .bulk: "it was a bulk request (\(LedgerNote.summary(request.note).clause))"
        case .rejected:
            "it was refused (\(request.code)): \(LedgerNote.summary(request.note).clause)"
        }
    }

    private var hint: String {
        guard !nearest.isEmpty else { return "" }
        let keys = nearest.map { String(decoding: $0.key, as: UTF8.self) }
        return "; keys that are waited for and look like it: \(keys.joined(separator: ", "))"
    }
}
