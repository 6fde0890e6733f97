/// Reads the body of a message by the framing its fields name (RFC 9112, section 6).
enum HTTPBody {
    /// The whole body.
    ///
    /// Without a length it reaches to the end of the stream (`endsWithStream`: a response), or is empty (a request).
    static func read(
        from stream: BufferedConnection,
        fields: HTTPFields,
        endsWithStream: Bool,
        deadline: Deadline
    ) throws(KitError) -> [UInt8] {
        if fields["transfer-encoding"]?.lowercased() == "chunked" {
            return try readChunks(from: stream, deadline: deadline)
        }
        if let length = fields["content-length"] {
            guard let count = Int(length), count >= 0 else {
                throw .malformed("Content-Length: \(length)")
            }
            return try stream.take(count, deadline: deadline)
        }
        return endsWithStream ? try stream.takeToEnd(deadline: deadline) : []
    }

    private static func readChunks(
        from stream: BufferedConnection,
        deadline: Deadline
    ) throws(KitError) -> [UInt8] {
        var body: [UInt8] = []
        while true {
            guard let line = try stream.line(deadline: deadline) else {
                throw .closed(doing: "reading a chunk's size")
            }
            guard let size = Int(line.prefix { $0 != ";" }, radix: 16), size >= 0 else {
                throw .malformed("chunk size \(line)")
            }
            if size == 0 {
                _ = try HTTPFields.read(from: stream, deadline: deadline)
                return body
            }
            body += try stream.take(size, deadline: deadline)
            _ = try stream.line(deadline: deadline)
        }
    }
}
