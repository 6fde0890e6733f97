internal import Executor
internal import HTTPEngine
internal import JSONWire
internal import Listeners
internal import Primitives
internal import Rendezvous
internal import Store

/// The ledger, and what is known of a key; everything is gathered on the threads for questions.
extension ControllerAPI {
    /// Answers with a page of requests, newest first.
    func listRequests(
        _ request: borrowing Request,
        _ exchange: borrowing Exchange,
        _ fields: ControllerHandler.Fields
    ) throws(Problem) {
        let shelf = try openLedger()
        let query = try LedgerQuery(request)
        read(exchange, fields) { () throws(StoreError) in
            let found = try shelf.requests(query)
            let page = found.prefix(query.limit)
            var object: JSONObject = ["requests": .array(page.map(LedgerReport.line))]
            if found.count > query.limit, let last = page.last {
                object["next_cursor"] = .string(last.id.text)
            }
            if let behind = shelf.behind { object["behind"] = .string(behind) }
            return .response(.json(200, JSONValue.object(object).jsonBytes))
        }
    }

    /// Answers with one request, and what became of it.
    func showRequest(
        _ request: borrowing Request,
        _ exchange: borrowing Exchange,
        _ fields: ControllerHandler.Fields
    ) throws(Problem) {
        let shelf = try openLedger()
        let id = try Self.requestID(request)
        read(exchange, fields) { () throws(StoreError) in
            guard let entry = try shelf.request(id) else { return .problem(Self.unknownRequest) }
            let nearest = shelf.nearest(to: entry)
            let first = try shelf.first(of: entry)
            let report = LedgerReport.full(entry, nearest: nearest, duplicateOf: first)
            return .response(.json(200, report.jsonBytes))
        }
    }

    /// Has one request handled again, and answers with what its endpoint answered.
    func replayRequest(
        _ request: borrowing Request,
        _ body: RawSpan,
        _ exchange: borrowing Exchange,
        _ fields: ControllerHandler.Fields
    ) throws(Problem) {
        let shelf = try openLedger()
        try refuseWhileDraining()
        let id = try Self.requestID(request)
        let asked = try ReplayRequest(body, isForMany: false)
        let pending = exchange.detach()
        questions.ask(pending, fields) {
            shelf.replay(id, asked) { result in
                let reply: Reply =
                    switch result {
                    case .success(let answer):
                        .response(.json(200, ReplayRequest.json(answer, of: id).jsonBytes))
                    case .failure(let problem): .problem(problem)
                    }
                reply.adding(fields).give(pending)
            }
        }
    }

    /// Has several requests handled again, one after the other, and answers with what became of each.
    func replayRequests(
        _ body: RawSpan,
        _ exchange: borrowing Exchange,
        _ fields: ControllerHandler.Fields
    ) throws(Problem) {
        let shelf = try openLedger()
        try refuseWhileDraining()
        let asked = try ReplayRequest(body, isForMany: true)
        let pending = exchange.detach()
        questions.ask(pending, fields) {
            shelf.replay(asked.ids[...], asked, after: []) { answers in
                let object = JSONValue.object(["replays": .array(answers)])
                Reply.response(.json(200, object.jsonBytes)).adding(fields).give(pending)
            }
        }
    }

    /// Answers with everything known about a key.
    func explain(
        _ request: borrowing Request,
        _ exchange: borrowing Exchange,
        _ fields: ControllerHandler.Fields
    ) throws(Problem) {
        let shelf = try openLedger()
        var key: [UInt8] = []
        var channel: Channel?
        for (name, value) in request.queryPairs {
            switch name {
            case "key": key = Array(value.utf8)
            case "channel":
                channel = shelf.channels.channel(named: value)
                guard channel == nil else { break }
                let known = shelf.channels.allNames.joined(separator: ", ")
                throw BodyMap.invalid(
                    "There is no channel `\(value.prefix(64))`; the channels are \(known)."
                )
            default:
                throw BodyMap.invalid(
                    "Unknown parameter `\(name.prefix(64))`; known are key, channel."
                )
            }
        }
        guard !key.isEmpty, key.count <= WaitKey.bytesMax else {
            throw BodyMap.invalid("`key` must have 1 to \(WaitKey.bytesMax) bytes.")
        }
        let pending = exchange.detach()
        questions.ask(pending, fields) { [key, channel] in
            shelf.explain(key, in: channel) { result in
                let reply: Reply =
                    switch result {
                    case .success(let known): .response(.json(200, known.json.jsonBytes))
                    case .failure(let error): .problem(Self.unreadable(error))
                    }
                reply.adding(fields).give(pending)
            }
        }
    }

    private func openLedger() throws(Problem) -> LedgerAccess {
        if let ledger { return ledger }
        throw Problem(
            status: 409,
            code: .storeMemory,
            detail:
                "With `store: memory` no requests are kept; remove that line to have a ledger."
        )
    }

    private func refuseWhileDraining() throws(Problem) {
        guard health.isDraining else { return }
        throw Problem(
            status: 503,
            code: .draining,
            detail: "The server is shutting down.",
            retryAfterSeconds: 5
        )
    }

    private func read(
        _ exchange: borrowing Exchange,
        _ fields: ControllerHandler.Fields,
        _ body: @escaping @Sendable () throws(StoreError) -> Reply
    ) {
        let pending = exchange.detach()
        questions.ask(pending, fields) {
            let reply: Reply
            do throws(StoreError) { reply = try body() } catch {
                reply = .problem(Self.unreadable(error))
            }
            reply.adding(fields).give(pending)
        }
    }

    private static func requestID(_ request: borrowing Request) throws(Problem) -> UUIDv7 {
        guard let id = request.parameter("id").flatMap({ UUIDv7(text: $0) }) else {
            throw unknownRequest
        }
        return id
    }

    /// What is answered where the ledger has no such request.
    static var unknownRequest: Problem {
        Problem(
            status: 404,
            code: .requestUnknown,
            detail:
                "The ledger has no request with this id: it never reached an endpoint, or it is "
                + "older than the retention."
        )
    }

    /// What is answered where the store cannot be read.
    static func unreadable(_ error: StoreError) -> Problem {
        if error.kind == .tooSlow {
            return Problem(
                status: 503,
                code: .overloaded,
                detail: "The store took too long to answer; ask for less, or try again later.",
                retryAfterSeconds: 5
            )
        }
        return Problem(
            status: 503,
            code: .storeUnavailable,
            detail: "The store cannot be read: \(error.description)".sentence,
            retryAfterSeconds: 5
        )
    }
}
