internal import Workflows

/// The last entries of a run's history, as many as are kept (`executor.history_per_run`).
package struct RunHistory: Sendable {
    private var notes: [RunNote] = []
    private var lastNumber: UInt32 = 0
    /// The journal number of the event that the next entries come of; 0 where nothing is written.
    var journalNumber: UInt64 = 0

    /// What a reader who knows the history up to some entry has not seen.
    package struct Rest: Sendable {
        /// The entries that are kept, oldest first.
        package let notes: [RunNote]
        /// How many are not kept any more.
        package let lostCount: UInt32
        /// The number of the newest entry of all; 0 where there is none.
        package let lastNumber: UInt32
    }

    /// Adds the facts among effects; the oldest go where there are more than `max`.
    ///
    /// - Complexity: O(`max`) for each where it is full, a move of some kilobytes.
    mutating func add(_ effects: ArraySlice<Effect>, max: Int) {
        guard max > 0 else {
            for index in effects.indices {
                if case .history = effects[index] { lastNumber &+= 1 }
            }
            return
        }
        for case .history(let entry) in effects { add(entry, max: max) }
    }

    private mutating func add(_ entry: HistoryEntry, max: Int) {
        lastNumber &+= 1
        if notes.count >= max { notes.removeFirst(notes.count - max + 1) }
        notes.append(RunNote(entry, number: lastNumber, journalNumber: journalNumber))
    }

    /// What comes after the entry with a number.
    func rest(after number: UInt32) -> Rest {
        let known = min(number, lastNumber)
        let kept = notes.filter { $0.number > known }
        let lost = lastNumber - known - UInt32(clamping: kept.count)
        return Rest(notes: kept, lostCount: lost, lastNumber: lastNumber)
    }
}
