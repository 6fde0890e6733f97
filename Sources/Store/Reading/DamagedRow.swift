internal import Journal
internal import Primitives
internal import Storage

/// A row whose checksum is wrong: what it holds is not what was stored.
struct DamagedRow {
    /// The table.
    let table: StoreTable
    /// Its key as people read it.
    let key: String
    /// What goes with it, as part of a sentence.
    let loss: String

    /// The row as a sentence without a full stop.
    var description: String { "a row of `\(table.rawValue)` is damaged (\(key)): \(loss)" }

    /// All such rows of a store.
    ///
    /// - Complexity: O(size of the file).
    static func all(_ database: Database) throws(StorageError) -> [DamagedRow] {
        var rows: [DamagedRow] = []
        for table in StoreTable.allCases {
            let columns = table.columns.joined(separator: ", ")
            let find = try database.prepare(
                "SELECT \(columns) FROM \(table.rawValue) WHERE \(table.isDamaged)"
            )
            try find.forEachRow { (row) throws(StorageError) in
                rows.append(DamagedRow(table, row))
                return true
            }
        }
        return rows
    }

    private init(_ table: StoreTable, _ row: borrowing Statement) {
        self.table = table
        let first = row.value(at: 0)
        switch first {
        case .blob: key = row.id(at: 0).text
        case .text(let name): key = name
        default: key = String(row.integer(at: 0))
        }
        switch table {
        case .store: loss = "the store's secrets and the number up to which it is complete"
        case .kinds: loss = "the workflow `\(row.text(at: 1))` of its \(row.integer(at: 3)) runs"
        case .texts: loss = "the configuration that runs began with"
        case .runChunks: loss = Self.runs(row.blob(at: 3))
        case .runEvents: loss = "the first events of the run \(key)"
        case .held: loss = "a held callback"
        case .markChunks: loss = "how \(row.integer(at: 2)) waits ended"
        case .reusableMarks: loss = "how a wait ended"
        case .claims: loss = "a request that started runs, to know its repetitions by"
        case .requestChunks, .requestContents: loss = "requests of the ledger, up to number \(key)"
        case .requestFates: loss = "what became of a held request"
        case .properties: loss = "what is known of the store itself"
        }
    }

    /// The runs of a chunk, as far as their ids can be read.
    private static func runs(_ chunk: [UInt8]) -> String {
        var places = ChunkPlaces(chunk)
        var runs: [String] = []
        do throws(RecordReader.Damage) {
            while let place = try places.next() { runs.append(place.id.text) }
        } catch {
            return "the runs \(runs.joined(separator: ", ")), and others that cannot be named"
        }
        return "the runs \(runs.joined(separator: ", "))"
    }
}
