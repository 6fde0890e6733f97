internal import JSONWire
internal import TestKit

/// The service that runs ask: it keeps who asked under which key, and calls back, sometimes twice, until it is answered.
final class Workshop: Sendable {
    private let records: SenderRecords
    private let port: Int
    private let due = Watched(Due())
    private let service: ScriptedService

    /// A callback to be sent.
    private struct Result: Sendable {
        let number: Int
        let id: String
    }

    /// What waits to be sent.
    private struct Due: Sendable {
        var results: [Result] = []
        var underWay = 0
        var isOver = false
    }

    init(_ plan: CrashPlan, _ records: SenderRecords) throws(KitError) {
        self.records = records
        port = plan.callbackPort
        let due = self.due
        service = try ScriptedService(
            port: plan.servicePort,
            routes: [
                "POST /job": { Self.take($0, records, due) },
                "POST /note": { Self.note($0, records) },
                "POST /mark": { Self.mark($0, records) },
                "POST /fragile": { Self.fragile($0, records) },
            ]
        )
    }

    /// Sends results until the workshop closes.
    func work() {
        let line = SenderLine(port: port, records: records)
        while let result = next() {
            let body = #"{"id":"\#(result.id)","v":"made-\#(result.number)"}"#
            _ = line.post("/done", body)
            if Int.random(in: 0..<6) == 0 { _ = line.post("/done", body) }
            due.withLock { $0.underWay -= 1 }
        }
    }

    /// Whether nothing waits to be sent.
    var isIdle: Bool { due.withLock { $0.results.isEmpty && $0.underWay == 0 } }

    /// Ends the work.
    func close() {
        due.withLock { $0.isOver = true }
        service.stop()
    }

    private func next() -> Result? {
        due.wait(until: .seconds(3600)) { due -> Result?? in
            if due.isOver { return .some(nil) }
            guard !due.results.isEmpty else { return nil }
            due.underWay += 1
            return .some(due.results.removeFirst())
        } ?? nil
    }

    private static func take(
        _ request: ScriptedRequest,
        _ records: SenderRecords,
        _ due: Watched<Due>
    ) -> ScriptedAnswer {
        guard let body = body(request), let number = number(body),
            let id = body["id"]?.string, let task = body["task"]?.string
        else {
            records.complain("the service was asked for nothing known: \(request.text)")
            return .status(400)
        }
        if request.headers["idempotency-key"] != id {
            records.complain(
                "the request does not carry its try as Idempotency-Key: \(request.text)"
            )
        }
        records.change(number) { order in
            order.askedBy.insert(task)
            order.attempts.insert(id)
        }
        due.withLock { $0.results.append(Result(number: number, id: id)) }
        return .json(202, "{}")
    }

    private static func note(_ request: ScriptedRequest, _ records: SenderRecords) -> ScriptedAnswer
    {
        guard let body = body(request), let number = number(body) else {
            records.complain("noted nothing known: \(request.text)")
            return .status(400)
        }
        if body["paid"]?.string != "paid-\(number)" || body["made"]?.string != "made-\(number)" {
            records.complain("noted with what belongs to others: \(request.text)")
        }
        records.change(number) { $0.notes.insert(request.headers["idempotency-key"] ?? "") }
        return .json(200, "{}")
    }

    private static func mark(_ request: ScriptedRequest, _ records: SenderRecords) -> ScriptedAnswer
    {
        guard let body = body(request), let number = number(body) else {
            records.complain("marked nothing known: \(request.text)")
            return .status(400)
        }
        records.changeErrand(number) { $0.mark = body["v"]?.string ?? "" }
        return .json(200, "{}")
    }

    private static func fragile(
        _ request: ScriptedRequest,
        _ records: SenderRecords
    ) -> ScriptedAnswer {
        guard let body = body(request), let number = number(body) else { return .status(400) }
        let mayPass = records.book.withLock { $0.errands[number]?.mayPass ?? false }
        return mayPass ? .json(200, "{}") : .status(422)
    }

    private static func number(_ body: JSONValue) -> Int? {
        if case .integer(let number)? = body["n"] { Int(clamping: number) } else { nil }
    }

    private static func body(_ request: ScriptedRequest) -> JSONValue? {
        do throws(JSONError) {
            return try JSONValue.parse(request.body)
        } catch {
            return nil
        }
    }
}
