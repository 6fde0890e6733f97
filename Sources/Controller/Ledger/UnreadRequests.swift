internal import JSONWire
internal import Primitives
internal import Store

/// Requests to callback endpoints that are not found by a key: bulk requests that versions before 0.2 took, or in which no
/// item had one, and requests that were refused before a key was read.
struct UnreadRequests: Sendable {
    /// How many bulk requests there are.
    var bulkCount = 0
    /// How many were refused before a key was read.
    var refusedCount = 0
    /// Whether there may be more than were looked at.
    var isCut = false
    /// Bulk requests whose bodies have the key's text.
    var holding: [LedgerLine] = []

    /// How many requests of the ledger are looked at.
    static let linesMax = 200
    /// In how many bodies the key is looked for.
    static let bodiesMax = 8
    /// A larger body is not looked into.
    static let bodyBytesMax = 4 << 20

    /// Whether there is none.
    var isEmpty: Bool { bulkCount == 0 && refusedCount == 0 }

    /// What is said of them, as clauses behind a sentence; empty where there is none.
    var clauses: String {
        var text = ""
        for line in holding {
            text +=
                "; the bulk request \(line.id.text) of \(line.time.rfc3339) to \(line.endpoint) has it in its "
                + "body (\(line.note))"
        }
        let count = { (count: Int, one: String, many: String) in
            (isCut ? "at least " : "") + "\(count) " + (count == 1 ? one : many)
        }
        if holding.isEmpty, bulkCount > 0 {
            text +=
                "; \(count(bulkCount, "bulk request", "bulk requests")) came, whose items are not found by "
                + "their keys: sluice ledger list --status bulk"
        }
        if refusedCount > 0 {
            text +=
                "; \(count(refusedCount, "request was", "requests were")) refused before a key was read: "
                + "sluice ledger list --status rejected"
        }
        return text
    }

    /// Whether a body has a key's text: as JSON writes it, or percent-encoded as forms write plain texts.
    static func holds(_ key: [UInt8], in body: [UInt8]) -> Bool {
        let quoted = JSONValue.string(String(decoding: key, as: UTF8.self)).jsonBytes
        let written = Array(quoted.dropFirst().dropLast())
        guard !written.isEmpty, body.count >= written.count else { return false }
        for start in 0...(body.count - written.count) where body[start] == written[0] {
            if body[start..<(start + written.count)].elementsEqual(written) { return true }
        }
        return false
    }
}
