internal import Journal
internal import Primitives

/// What became of one callback, and the journal number its answer rests on; 0 where it rests on none.
package struct MatchOutcome {
    /// What its sender is told.
    let answer: CallbackAnswer
    /// The number.
    package let number: UInt64
    /// The key, where the ledger is told of it apart from the callback's own record; else empty.
    private(set) var key: [UInt8] = []
    /// The print of the key, where it is that of an item and the ledger is told of it (``ItemPrints``).
    private(set) var itemPrint: UInt64?

    /// Pairs an answer with what it rests on.
    init(answer: CallbackAnswer, number: UInt64) {
        self.answer = answer
        self.number = number
    }

    /// The same with the key, where the ledger wants it.
    func noting(_ key: Span<UInt8>, _ origin: CallbackMatcher.Origin) -> MatchOutcome {
        guard origin.notesItems || origin.entry != nil else { return self }
        var outcome = self
        if origin.notesItems {
            outcome.itemPrint = ItemPrints.print(key)
        } else if answer.fate != nil {
            outcome.key = key.copied
        }
        return outcome
    }

    /// What the ledger is told of a request with this callback alone; nil where the callback's own record tells it.
    var fate: RequestFate? {
        guard var fate = answer.fate else { return nil }
        fate.key = key
        if fate.status == .duplicate, number != 0 {
            fate.note = LedgerNote.duplicate(ofNumber: number)
        }
        return fate
    }
}
