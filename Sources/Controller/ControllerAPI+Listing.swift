internal import HTTPEngine
internal import JSONWire
internal import Listeners
internal import Primitives
internal import Runs
internal import Store
internal import Workflows

/// Listing runs.
extension ControllerAPI {
    /// Answers with a page of runs, newest first; it is gathered on the threads for questions.
    func list(
        _ request: borrowing Request,
        _ exchange: borrowing Exchange,
        _ fields: ControllerHandler.Fields
    ) throws(Problem) {
        let query = try RunQuery(request)
        let pending = exchange.detach()
        questions.ask(pending, fields) { [engine] in
            // Ended runs that are not in memory any more are looked for where their ends are.
            engine.archive?.catchUp()
            // The store first: what comes into memory meanwhile is found there then.
            let stored: [StoredRunLine]
            do throws(StoreError) {
                stored = try engine.archive?.runs(query) ?? []
            } catch {
                return Reply.problem(Self.unreadable(error)).adding(fields).give(pending)
            }
            let inMemory = engine.registry.find(query)
            let known = Set(inMemory.map(\.id))
            let others = stored.compactMap { line -> (UUIDv7, JSONValue)? in
                if known.contains(line.id) { return nil }
                // What is in memory is newer than what the store says of it.
                guard let run = engine.registry.find(line.id) else {
                    return (line.id, RunReport.line(line))
                }
                return query.takes(run) ? (run.id, RunReport.line(run)) : nil
            }
            let found =
                (inMemory.map { ($0.id, RunReport.line($0)) } + others).sorted {
                    $1.0 < $0.0
                }
            let page = found.prefix(query.limit)
            var object: JSONObject = ["tasks": .array(page.map(\.1))]
            if found.count > query.limit, let last = page.last {
                object["next_cursor"] = .string(last.0.text)
            }
            Reply.response(.json(200, JSONValue.object(object).jsonBytes)).adding(fields)
                .give(pending)
        }
    }
}

extension RunQuery {
    private static let known = [
        "status", "workflow_id", "session_id", "since", "until", "id_prefix", "limit", "cursor",
    ]

    /// Reads a query.
    ///
    /// - Throws: 422 for a member that is unknown or not what it should be.
    fileprivate init(_ request: borrowing Request) throws(Problem) {
        self.init()
        for (name, value) in request.queryPairs {
            switch name {
            case "status": try add(statuses: value)
            case "workflow_id": workflowID = value
            case "session_id": sessionID = value
            case "since":
                since = try MomentText.read(value, name)
            case "until":
                until = try MomentText.read(value, name)
            case "id_prefix":
                guard let ids = UUIDv7.range(prefix: value) else {
                    throw BodyMap.invalid("`id_prefix` must be the beginning of a run's id.")
                }
                self.ids = ids
            case "limit":
                guard let count = Int(value), (1...Self.limitMax).contains(count) else {
                    throw BodyMap.invalid("`limit` must be 1 to \(Self.limitMax).")
                }
                limit = count
            case "cursor":
                guard let id = UUIDv7(text: value) else {
                    throw BodyMap.invalid("`cursor` must be the `next_cursor` of a page.")
                }
                before = id
            default:
                throw BodyMap.invalid(
                    "Unknown parameter `\(name.prefix(64))`; known are \(Self.known.joined(separator: ", "))."
                )
            }
        }
    }

    private mutating func add(statuses text: String) throws(Problem) {
        for word in text.split(separator: ",") {
            guard let status = RunStatus(rawValue: String(word)) else {
                throw BodyMap.invalid("`\(word.prefix(64))` is not a status of runs.")
            }
            statuses.insert(status)
        }
    }
}
