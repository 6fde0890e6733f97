internal import HTTPEngine
internal import Journal
internal import Listeners
internal import Primitives
internal import Store
internal import Workflows

extension LedgerQuery {
    /// How many without `limit`.
    static let limitDefault = 50
    /// The largest `limit`.
    static let limitMax = 1000

    private static let known = [
        "status", "endpoint", "since", "until", "key", "task_id", "limit", "cursor",
    ]

    /// Reads a query.
    ///
    /// - Throws: 422 for a member that is unknown or not what it should be.
    init(_ request: borrowing Request) throws(Problem) {
        self.init()
        limit = Self.limitDefault
        for (name, value) in request.queryPairs {
            switch name {
            case "status": try add(statuses: value)
            case "endpoint": endpoint = value
            case "since": since = try MomentText.read(value, name)
            case "until": until = try MomentText.read(value, name)
            case "key": key = Array(value.utf8)
            case "task_id": run = try Self.id(value, "`task_id` must be the id of a run.")
            case "limit":
                guard let count = Int(value), (1...Self.limitMax).contains(count) else {
                    throw BodyMap.invalid("`limit` must be 1 to \(Self.limitMax).")
                }
                limit = count
            case "cursor":
                before = try Self.id(value, "`cursor` must be the `next_cursor` of a page.")
            default:
                throw BodyMap.invalid(
                    "Unknown parameter `\(name.prefix(64))`; known are \(Self.known.joined(separator: ", "))."
                )
            }
        }
    }

    private mutating func add(statuses text: String) throws(Problem) {
        for word in text.split(separator: ",") {
            guard let status = ReceivedRequest.Status(name: word) else {
                let known = ReceivedRequest.Status.allCases.map(\.name).joined(separator: ", ")
                throw BodyMap.invalid(
                    "`\(word.prefix(64))` is not a status of requests; there are \(known)."
                )
            }
            statuses.insert(status)
        }
    }

    private static func id(_ text: String, _ what: String) throws(Problem) -> UUIDv7 {
        guard let id = UUIDv7(text: text) else { throw BodyMap.invalid(what) }
        return id
    }
}
