import Testing

@testable import SegmentLog

@Suite struct SequenceLineTests {
    private func chunk(_ sequences: UInt64...) -> SequenceLine.Chunk {
        var batch = LogBatch()
        for sequence in sequences { batch.append([1, 2, 3].span, sequence: sequence) }
        return .init(batch)
    }

    private func taken(_ line: inout SequenceLine, bytesMax: Int = 1 << 20) -> [UInt64] {
        line.take(bytesMax: bytesMax).map(\.entry.sequence)
    }

    @Test func `records leave in the order of their sequences and never over a gap`() throws {
        var line = SequenceLine(next: 5)
        try line.insert(chunk(6, 9), aheadMax: 100)
        #expect(!line.isReady)
        #expect(line.isWaiting)
        #expect(taken(&line) == [])
        try line.insert(chunk(5, 7), aheadMax: 100)
        #expect(taken(&line) == [5, 6, 7])
        #expect(line.isWaiting)
        try line.insert(chunk(8), aheadMax: 100)
        #expect(taken(&line) == [8, 9])
        #expect(line.next == 10)
        #expect(!line.isWaiting)
    }

    @Test(arguments: [[4], [15], [6, 6], [6, 4], [7, 5, 6, 15], [5, 16]] as [[UInt64]])
    func `a batch with a sequence that cannot be is refused whole`(_ sequences: [UInt64]) throws {
        var line = SequenceLine(next: 5)
        var batch = LogBatch()
        for sequence in sequences { batch.append([1].span, sequence: sequence) }
        #expect(throws: LogError.self) { try line.insert(.init(batch), aheadMax: 10) }
        #expect(line.end == 5)
        try line.insert(chunk(5, 6, 7), aheadMax: 10)
        #expect(taken(&line) == [5, 6, 7])
    }

    @Test func `no more is taken at once than asked for, but always one`() throws {
        var line = SequenceLine(next: 1)
        try line.insert(chunk(1, 2, 3), aheadMax: 10)
        #expect(taken(&line, bytesMax: 80) == [1, 2])
        #expect(taken(&line, bytesMax: 1) == [3])
    }

    @Test func `a long line keeps its order`() throws {
        var line = SequenceLine(next: 1)
        var seen: [UInt64] = []
        for start in stride(from: UInt64(1), to: 30_000, by: 3) {
            try line.insert(chunk(start + 2, start, start + 1), aheadMax: 100_000)
            if start % 7 == 0 { seen += taken(&line, bytesMax: 200) }
        }
        while line.isReady { seen += taken(&line) }
        #expect(seen == Array(1...UInt64(seen.count)))
        #expect(seen.count == 30_000)
    }
}
