/// The tables of the store, with the columns that the checksum in the last one, `sum`, is over.
///
/// What is read of a row is read together with ``isSound``, so that damage of the file is never taken for what was stored.
enum StoreTable: String, CaseIterable {
    case store
    case kinds
    case texts
    case runChunks = "run_chunks"
    case runEvents = "run_events"
    case held
    case markChunks = "mark_chunks"
    case reusableMarks = "reusable_marks"
    case claims
    case requestChunks = "request_chunks"
    case requestContents = "request_contents"
    case requestFates = "request_fates"
    case properties

    /// The columns in their order, but the checksum.
    var columns: [String] {
        switch self {
        case .store: ["id", "complete_through", "open_runs", "fingerprint_key", "mask_key"]
        case .kinds: ["id", "workflow", "plan", "runs"]
        case .texts: ["fingerprint", "number", "used", "content"]
        case .runChunks: ["first", "open", "active", "content"]
        case .runEvents: ["id", "content"]
        case .held: ["number", "request", "has_entry", "until", "listener", "content"]
        case .markChunks: ["last", "latest", "count", "content"]
        case .reusableMarks: ["key", "number", "until", "content"]
        case .claims: ["number", "until", "content"]
        case .requestChunks:
            ["last", "first", "oldest", "newest", "count", "passing", "prints"]
        case .requestContents: ["last", "content"]
        case .requestFates: ["number", "status", "run"]
        case .properties: ["name", "value"]
        }
    }

    /// SQL for the checksum of a row.
    ///
    /// - Parameter changes: Expressions for columns that the row does not have yet.
    /// - Returns: An expression over the row's columns.
    func sum(_ changes: [String: String] = [:]) -> String {
        "row_sum('\(rawValue)', \(columns.map { changes[$0] ?? $0 }.joined(separator: ", ")))"
    }

    /// SQL that is 1 for a sound row, and fails with `corrupt` for a damaged one.
    var isSound: String {
        "row_is_sound('\(rawValue)', \(columns.joined(separator: ", ")), sum)"
    }

    /// SQL that is 1 for a damaged row, and 0 for a sound one.
    var isDamaged: String { "sum <> \(sum())" }

    /// SQL that inserts a row of all columns, with parameters in their order.
    var insert: String {
        let parameters = (1...columns.count).map { "?\($0)" }
        let sum = "row_sum('\(rawValue)', \(parameters.joined(separator: ", ")))"
        let names = (columns + ["sum"]).joined(separator: ", ")
        return
            "INSERT OR REPLACE INTO \(rawValue) (\(names)) VALUES (\((parameters + [sum]).joined(separator: ", ")))"
    }
}
