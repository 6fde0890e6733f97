internal import JSONWire
internal import TestKit

/// A sender's connection, made again whenever the server is gone: what is sent is sent until it is answered for good.
final class SenderLine {
    private let port: Int
    private let records: SenderRecords
    private var connection: RawConnection?

    init(port: Int, records: SenderRecords) {
        self.port = port
        self.records = records
    }

    /// Sends a JSON body until the answer is a 2xx; any other final answer is noted as wrong.
    ///
    /// `Prefer` is sent once: a server that is killed sooner than it lets a sender wait would never answer.
    ///
    /// - Returns: The answer's body; nil where it was refused for good, or no server came back.
    func post(
        _ target: String,
        _ json: String,
        headers: [(String, String)] = [],
        orFinal: Set<Int> = []
    ) -> HTTPReply? {
        let patience = Deadline.seconds(120)
        var headers = headers
        while !patience.hasPassed {
            guard let reply = exchange("POST", target, json, headers) else {
                headers.removeAll { $0.0 == "Prefer" }
                pause(milliseconds: 3)
                continue
            }
            switch reply.status {
            case 200..<300:
                records.count(\.acknowledged)
                return reply
            case let status where orFinal.contains(status):
                // An earlier attempt, whose answer never came, may have done it.
                return reply
            case 503:
                pause(milliseconds: 10)
            case 409 where reply.text.contains("idempotency_in_flight"):
                pause(milliseconds: 10)
            default:
                records.complain("\(target) \(json): \(reply.status) \(reply.text)")
                return nil
            }
        }
        records.complain("\(target) \(json): no answer in two minutes")
        return nil
    }

    /// Sends a JSON body once.
    ///
    /// - Returns: The answer; nil where none came.
    func once(_ target: String, _ json: String) -> HTTPReply? {
        exchange("POST", target, json, [])
    }

    /// A member of an answer that is a text.
    static func text(_ reply: HTTPReply, _ member: String) -> String? {
        do throws(JSONError) {
            return try JSONValue.parse(reply.body)[member]?.string
        } catch {
            return nil
        }
    }

    /// Asks for something, until it is answered.
    func get(_ target: String) -> HTTPReply? {
        let patience = Deadline.seconds(60)
        while !patience.hasPassed {
            if let reply = exchange("GET", target, nil, []), reply.status != 503 { return reply }
            pause(milliseconds: 10)
        }
        return nil
    }

    /// One request and its answer; nil where the server went away.
    private func exchange(
        _ method: String,
        _ target: String,
        _ json: String?,
        _ headers: [(String, String)]
    ) -> HTTPReply? {
        var message = "\(method) \(target) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n"
        for (name, value) in headers { message += "\(name): \(value)\r\n" }
        if let json {
            message += "Content-Type: application/json\r\nContent-Length: \(json.utf8.count)\r\n"
        }
        message += "\r\n" + (json ?? "")
        do throws(KitError) {
            let line: RawConnection
            if let connection {
                line = connection
            } else {
                line = try RawConnection(port: port, deadline: .seconds(5))
                connection = line
            }
            if json != nil { records.count(\.requests) }
            try line.send(message, deadline: .seconds(10))
            return try line.readReply(deadline: .seconds(30))
        } catch {
            connection = nil
            return nil
        }
    }
}
