package import Primitives

/// A request that a ``ScriptedService`` received.
package struct ScriptedRequest: Sendable {
    /// 1 for the first request of the service, then counting.
    package internal(set) var number = 0
    /// Which connection it came on; requests of one connection share the number.
    package let connection: Int
    /// When its last byte had come.
    package let receivedAt: WallTime
    /// The method as it came.
    package let method: String
    /// Path and query as they came.
    package let target: String
    /// The header fields.
    package let headers: HTTPFields
    /// The body, without its framing.
    package let body: [UInt8]

    /// The part of the target before the question mark.
    package var path: String { String(target.prefix { $0 != "?" }) }

    /// The part of the target after the question mark; empty where there is none.
    package var query: String { String(target.dropFirst(path.count + 1)) }

    /// Method and path, as routes name them: `POST /jobs`.
    package var route: String { "\(method) \(path)" }

    /// The body as text.
    package var text: String { String(decoding: body, as: UTF8.self) }

    /// Reads the next request of a connection; nil when it ends first.
    static func read(
        from stream: BufferedConnection,
        connection: Int,
        deadline: Deadline
    ) throws(KitError) -> ScriptedRequest? {
        guard let line = try stream.line(deadline: deadline) else { return nil }
        let words = line.split(separator: " ")
        guard words.count == 3 else { throw .malformed("request line \(line)") }
        let fields = try HTTPFields.read(from: stream, deadline: deadline)
        if fields["expect"]?.lowercased() == "100-continue" {
            try stream.send(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8), deadline: deadline)
        }
        let body = try HTTPBody.read(
            from: stream,
            fields: fields,
            endsWithStream: false,
            deadline: deadline
        )
        return ScriptedRequest(
            connection: connection,
            receivedAt: .now(),
            method: String(words[0]),
            target: String(words[1]),
            headers: fields,
            body: body
        )
    }
}
