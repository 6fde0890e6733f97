internal import Journal
internal import Primitives
internal import Rendezvous
internal import Storage

/// Writing what only grows, a row for many.
extension StoreWriter {
    /// Writes the ends of waits.
    func flushMarks(_ fold: RunProjection) throws(StorageError) {
        for key in fold.retired.keys {
            try statements.retireMarks.bind(StoreKey.key(key).span, at: 1)
            try statements.retireMarks.run()
        }
        let open = try StorageError.damage { () throws(RecordReader.Damage) in
            try fold.marks.openMarks()
        }
        for (mark, bytes) in open where fold.retired[mark.key] ?? 0 <= mark.number {
            try insertReusable(mark, bytes)
        }
        for chunk in fold.marks.chunks().all { try insert(chunk) }
    }

    private func insert(_ chunk: MarkChunks.Chunk) throws(StorageError) {
        try statements.insertMarks.bind(chunk.last, at: 1)
        try statements.insertMarks.bind(chunk.latest, at: 2)
        try statements.insertMarks.bind(Int64(chunk.count), at: 3)
        try statements.insertMarks.withBlob(chunk.out.bytes.span, at: 4) {
            () throws(StorageError) in
            try statements.insertMarks.run()
        }
    }

    private func insertReusable(_ mark: StoredMark, _ bytes: [UInt8]) throws(StorageError) {
        try statements.insertReusable.bind(StoreKey.key(mark.key).span, at: 1)
        try statements.insertReusable.bind(mark.number, at: 2)
        try statements.insertReusable.bind(mark.until.milliseconds, at: 3)
        try statements.insertReusable.bind(bytes.span, at: 4)
        try statements.insertReusable.run()
    }

    /// Writes a chunk of requests.
    func insert(_ chunk: RequestChunks.Chunk) throws(StorageError) {
        try statements.insertChunk.bind(chunk.last, at: 1)
        try statements.insertChunk.bind(chunk.first, at: 2)
        try statements.insertChunk.bind(chunk.oldest, at: 3)
        try statements.insertChunk.bind(chunk.newest, at: 4)
        try statements.insertChunk.bind(Int64(chunk.count), at: 5)
        try statements.insertChunk.bind(Int64(chunk.passingCount), at: 6)
        try statements.insertChunk.bind(chunk.prints.span, at: 7)
        try statements.insertChunk.run()
        try statements.insertContent.bind(chunk.last, at: 1)
        try statements.insertContent.withBlob(chunk.out.bytes.span, at: 2) {
            () throws(StorageError) in
            try statements.insertContent.run()
        }
    }

    /// Writes what became of a held request.
    func put(_ fate: RequestFateRow, number: UInt64) throws(StorageError) {
        try statements.putFate.bind(number, at: 1)
        try statements.putFate.bind(Int64(fate.status.rawValue), at: 2)
        if let run = fate.run {
            try statements.putFate.bind(StoreKey.id(run), at: 3)
        } else {
            try statements.putFate.bindNull(at: 3)
        }
        try statements.putFate.run()
    }

    /// Writes a request that started runs.
    func insert(_ claim: Claim, number: UInt64) throws(StorageError) {
        var out = RecordWriter()
        claim.write(to: &out)
        try statements.insertClaim.bind(number, at: 1)
        try statements.insertClaim.bind(claim.until.milliseconds, at: 2)
        try statements.insertClaim.bind(out.bytes.span, at: 3)
        try statements.insertClaim.run()
    }

    /// Writes a configuration text, used now.
    func put(
        _ text: [UInt8],
        _ fingerprint: Fingerprint,
        _ number: UInt64
    ) throws(StorageError) {
        try statements.putText.bind(StoreKey.fingerprint(fingerprint), at: 1)
        try statements.putText.bind(number, at: 2)
        try statements.putText.bind(WallTime.now().milliseconds, at: 3)
        try statements.putText.bind(text.span, at: 4)
        try statements.putText.run()
    }
}
