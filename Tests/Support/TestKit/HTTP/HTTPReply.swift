/// A response as it came over the wire.
package struct HTTPReply: Sendable, Equatable {
    /// The status code.
    package let status: Int
    /// The header fields.
    package let headers: HTTPFields
    /// The body, without its framing.
    package let body: [UInt8]

    /// The body as text.
    package var text: String { String(decoding: body, as: UTF8.self) }

    /// Reads one response; 1xx, 204, 304 and answers to HEAD have no body.
    static func read(
        from stream: BufferedConnection,
        isHead: Bool,
        deadline: Deadline
    ) throws(KitError) -> HTTPReply {
        guard let line = try stream.line(deadline: deadline) else {
            throw .closed(doing: "waiting for a response")
        }
        let words = line.split(separator: " ", maxSplits: 2)
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else {
            throw .malformed("status line \(line)")
        }
        let fields = try HTTPFields.read(from: stream, deadline: deadline)
        let isBare = isHead || status < 200 || status == 204 || status == 304
        let body =
            isBare
            ? []
            : try HTTPBody.read(
                from: stream,
                fields: fields,
                endsWithStream: true,
                deadline: deadline
            )
        return HTTPReply(status: status, headers: fields, body: body)
    }
}
