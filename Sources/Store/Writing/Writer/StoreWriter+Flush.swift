internal import Primitives
internal import Rendezvous
internal import Storage

/// Writing what a batch came to.
extension StoreWriter {
    /// Writes the draft; within the transaction.
    func flush(through number: UInt64) throws(StorageError) {
        var fold = RunProjection(
            draft,
            rememberFor: settings.rememberFor,
            endsOpenMarks: hasReusable
        )
        let opened = try flushRuns(&fold)
        try flushKinds()
        try flushMarks(fold)
        try flushHeld()
        for chunk in draft.requests.all { try insert(chunk) }
        for (number, fate) in draft.fates { try put(fate, number: number) }
        for (number, claim) in draft.claims { try insert(claim, number: number) }
        for (fingerprint, text) in draft.texts { try put(text.bytes, fingerprint, text.number) }
        try statements.complete.bind(number, at: 1)
        try statements.complete.bind(Int64(opened), at: 2)
        try statements.complete.run()
    }

    /// Counts the runs that begin.
    private func flushKinds() throws(StorageError) {
        var counts: [Int64: Int64] = [:]
        for birth in draft.births { counts[birth.kind, default: 0] += 1 }
        for (kind, count) in counts { try self.count(count, of: kind) }
    }

    /// Has a workflow have so many more runs.
    func count(_ more: Int64, of kind: Int64) throws(StorageError) {
        try statements.countKind.bind(more, at: 1)
        try statements.countKind.bind(kind, at: 2)
        try statements.countKind.run()
    }
}
