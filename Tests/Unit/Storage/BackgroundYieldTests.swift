import Primitives
import Storage
import Testing

/// What a thread writes that gives its processor away between its writes.
@Suite struct BackgroundYieldTests {
    private let scratch = Scratch()

    @Test(arguments: [Int64(0), 1, 100_000])
    func `a thread that breathes writes the same as any other`(_ pause: Int64) throws {
        BackgroundYield.take(every: Nanoseconds(pause))
        defer { BackgroundYield.take(every: Nanoseconds(0)) }
        let database = try scratch.database()
        let insert = try database.prepare("INSERT INTO t VALUES (?1, ?2)")
        try database.transaction { () throws(StorageError) in
            for number in 1...2000 {
                BackgroundYield.take()
                let bytes = [UInt8](repeating: UInt8(number & 0xFF), count: 1000)
                try insert.bind(Int64(number), at: 1)
                try insert.bind(bytes.span, at: 2)
                try insert.run()
            }
        }
        try database.syncLog()
        #expect(try !database.checkpoint(.truncate).isIncomplete)
        let other = try scratch.database()
        #expect(try other.rowCount() == 2000)
        #expect(try other.integer("SELECT sum(length(v)) FROM t") == 2_000_000)
        #expect(try other.findProblems().isEmpty)
    }
}
