internal import JSONWire
package import Primitives

/// The notes of the ledger that hold more than a sentence: their first line is for lists, the others are for `show`.
package enum LedgerNote {
    /// An item of a bulk request that was refused.
    package struct RefusedItem: Equatable {
        /// Its index in the list, from 0.
        package let index: Int
        /// The stable word for why.
        package let code: String

        /// Names an item and why it was refused.
        package init(index: Int, code: String) {
            self.index = index
            self.code = code
        }
    }

    /// How many refused items of a request are kept.
    package static let refusedItemsMax = 1000

    /// What is noted of a bulk request: how many items were taken, how many were refused, and which.
    package static func bulk(taken: Int, refusedCount: Int, refused: [RefusedItem]) -> String {
        guard refusedCount > 0 else { return "\(taken) accepted" }
        var codes: [String] = []
        for item in refused where !codes.contains(item.code) { codes.append(item.code) }
        return "\(taken) accepted, \(refusedCount) refused (\(codes.joined(separator: ", ")))"
            + lines(refused)
    }

    /// The refused items as further lines of a note.
    package static func lines(_ refused: [RefusedItem]) -> String {
        refused.prefix(refusedItemsMax).map { "\n\($0.index) \($0.code)" }.joined()
    }

    /// The first line of a note.
    package static func summary(_ note: String) -> String {
        note.firstIndex(of: "\n").map { String(note[..<$0]) } ?? note
    }

    /// The refused items that a note names.
    package static func refusedItems(_ note: String) -> [RefusedItem] {
        note.split(separator: "\n").dropFirst().compactMap { line in
            let words = line.split(separator: " ", maxSplits: 1)
            guard words.count == 2, let index = Int(words[0]) else { return nil }
            return RefusedItem(index: index, code: String(words[1]))
        }
    }

    /// What is noted of a callback that repeats another one; `number` is the first one's number in the journal.
    package static func duplicate(ofNumber number: UInt64) -> String {
        "\(duplicateStart)\(number)"
    }

    /// What is said of a request that repeats another one of the ledger.
    package static func duplicate(of first: UUIDv7) -> String { "duplicate of \(first.text)" }

    /// What is said of a trigger that started nothing, because these runs were started for an earlier one.
    package static func duplicate(ofRuns runs: [UUIDv7]) -> String {
        guard runs.count == 1, let run = runs.first else {
            return "duplicate: its \(runs.count) runs were started before"
        }
        return "duplicate: the run \(run.text) was started before"
    }

    /// The number of the first callback that a note names; nil where it names none.
    package static func duplicateNumber(_ note: String) -> UInt64? {
        guard note.hasPrefix(duplicateStart) else { return nil }
        return UInt64(note.dropFirst(duplicateStart.count))
    }

    private static let duplicateStart = "duplicate of the callback with the journal number "
}
