internal import Journal
internal import Primitives
internal import Storage

/// Writing what became of runs.
extension StoreWriter {
    /// Events of a run beyond so many bytes get a row of their own, so that what follows does not move them.
    private static let eventBytesMax = 4000

    /// Does the draft's steps, chunk after chunk.
    ///
    /// - Returns: How many more runs are open than before.
    func flushRuns(_ fold: inout RunProjection) throws(StorageError) -> Int {
        let steps = draft.steps.sorted { RunStep.isBefore($0, $1) }
        var opened = 0
        var start = 0
        while start < steps.count {
            BackgroundYield.take()
            let chunk = try StoredChunk(holding: steps[start].run.chunkKey, statements, database)
            var end = start + 1
            while end < steps.count, chunk.isPlace(of: steps[end].run) { end += 1 }
            opened += try rewrite(chunk, steps[start..<end], &fold)
            start = end
        }
        return opened
    }

    private func rewrite(
        _ chunk: StoredChunk,
        _ steps: ArraySlice<RunStep>,
        _ fold: inout RunProjection
    ) throws(StorageError) -> Int {
        var opened = 0
        var places = ChunkPlaces(chunk.content)
        var old = try StorageError.damage { () throws(RecordReader.Damage) in try places.next() }
        var rest = steps
        runs.clear()
        while let run = rest.first?.run {
            let count = rest.prefix { $0.run == run }.count
            let own = rest.prefix(count)
            rest = rest.dropFirst(count)
            var wasThere = false
            try StorageError.damage { () throws(RecordReader.Damage) in
                while let place = old, place.id < run {
                    runs.copy(place, from: chunk.content)
                    old = try places.next()
                }
                row.clear(run)
                if let place = old, place.id == run {
                    wasThere = true
                    try row.read(place, in: chunk.content)
                    if row.status == nil { opened -= 1 }
                    old = try places.next()
                }
                for step in own { try fold.apply(step, to: &row) }
            }
            // Of a run that is not known any more nothing is kept.
            guard row.kind != nil else { continue }
            if row.status == nil { opened += 1 }
            try moveEvents()
            runs.add(row, isNew: !wasThere)
        }
        try StorageError.damage { () throws(RecordReader.Damage) in
            while let place = old {
                runs.copy(place, from: chunk.content)
                old = try places.next()
            }
        }
        try writeRuns(over: chunk)
        return opened
    }

    /// Writes the runs that were put together, in the place of the chunk they come from.
    func writeRuns(over chunk: StoredChunk) throws(StorageError) {
        let bytes = runs.out.bytes
        for (index, piece) in runs.pieces().enumerated() {
            let content = bytes.span.extracting(piece.range)
            if index == 0, let first = chunk.first {
                if piece.isOpen == chunk.isOpen, piece.isActive == chunk.isActive {
                    try put(content, into: first)
                } else {
                    try put(piece, content, into: first)
                }
            } else {
                try insert(piece, content)
            }
        }
    }

    private func put(_ content: Span<UInt8>, into first: Int64) throws(StorageError) {
        try statements.putContent.bind(first, at: 2)
        try statements.putContent.withBlob(content, at: 1) { () throws(StorageError) in
            try statements.putContent.run()
        }
    }

    private func put(
        _ piece: RunChunkBuilder.Piece,
        _ content: Span<UInt8>,
        into first: Int64
    ) throws(StorageError) {
        try statements.putChunk.bind(piece.isOpen ? 1 : 0 as Int64, at: 2)
        try statements.putChunk.bind(piece.isActive ? 1 : 0 as Int64, at: 3)
        try statements.putChunk.bind(first, at: 4)
        try statements.putChunk.withBlob(content, at: 1) { () throws(StorageError) in
            try statements.putChunk.run()
        }
    }

    private func insert(
        _ piece: RunChunkBuilder.Piece,
        _ content: Span<UInt8>
    ) throws(StorageError) {
        try statements.insertRuns.bind(piece.first, at: 1)
        try statements.insertRuns.bind(piece.isOpen ? 1 : 0 as Int64, at: 2)
        try statements.insertRuns.bind(piece.isActive ? 1 : 0 as Int64, at: 3)
        try statements.insertRuns.withBlob(content, at: 4) { () throws(StorageError) in
            try statements.insertRuns.run()
        }
    }

    /// Moves the events of a run to a row of their own where they are large.
    private func moveEvents() throws(StorageError) {
        let events = row.events.bytes
        guard events.count > Self.eventBytesMax else { return }
        try statements.insertEvents.bind(StoreKey.event(row.id, row.lastEvent), at: 1)
        try statements.insertEvents.withBlob(events.span, at: 2) {
            () throws(StorageError) in
            try statements.insertEvents.run()
        }
        row.hasEarlier = true
        row.events.clear()
    }
}
