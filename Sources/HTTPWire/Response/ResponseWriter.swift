package import Primitives

/// Writes answers as bytes (RFC 9112, 4 and 6).
///
/// One serves a loop: it keeps the `Date` line, which changes once a second. It allocates nothing but what the buffer
/// needs to grow.
package struct ResponseWriter: Sendable {
    /// How the body of an answer in pieces is delimited.
    package enum Pieces: Sendable {
        case chunked
        case untilClose
    }

    private var dateLine: [UInt8] = []
    /// What the usual answer to a callback begins with, up to the request's id.
    private var usualStart: [UInt8] = []
    private var second = Int64.min

    /// Makes a writer; call ``setTime(_:)`` before anything is written.
    package init() {
        setTime(WallTime(milliseconds: 0))
    }

    /// Sets the time that `Date` says (RFC 9110, 5.6.7).
    package mutating func setTime(_ time: WallTime) {
        let now = time.milliseconds / 1000
        guard now != second else { return }
        second = now
        dateLine.removeAll(keepingCapacity: true)
        dateLine.append(fixed: "Date: ")
        HTTPDate.append(secondsSince1970: now, to: &dateLine)
        dateLine.append(fixed: "\r\n")
        usualStart.removeAll(keepingCapacity: true)
        StatusLine.append(200, to: &usualStart)
        usualStart += dateLine
        usualStart.append(fixed: "X-Request-Id: ")
    }

    /// Writes a whole answer with a JSON body.
    package func writeJSON(
        _ line: ResponseContext,
        status: Int,
        body: Span<UInt8>,
        to out: inout [UInt8]
    ) {
        if status == 200, line.isKeptAlive, line.version == .http11, !line.isHead {
            return writeUsual(line.requestID, body: body, to: &out)
        }
        begin(line, status: status, to: &out)
        out.append(fixed: "Content-Type: application/json\r\n")
        end(line, status: status, body: body, to: &out)
    }

    /// Writes the 200 that most callbacks get, byte for byte as the general way does.
    private func writeUsual(_ id: UUIDv7, body: Span<UInt8>, to out: inout [UInt8]) {
        // 36 of the id, 52 of fixed text, at most 19 of a number, 4 of line ends.
        out.append(upTo: usualStart.count + body.count + 128) { pen in
            pen.put(usualStart.span)
            pen.put(uuid: id)
            pen.put(fixed: "\r\nContent-Type: application/json\r\nContent-Length: ")
            pen.put(decimal: body.count)
            pen.put(fixed: "\r\n\r\n")
            pen.put(body)
        }
    }

    /// Writes the status line and the fields that every answer has.
    package func begin(_ line: ResponseContext, status: Int, to out: inout [UInt8]) {
        StatusLine.append(status, to: &out)
        unsafe dateLine.withUnsafeBufferPointer { unsafe out.append(contentsOf: $0) }
        out.append(fixed: "X-Request-Id: ")
        out.append(uuid: line.requestID)
        if !line.isKeptAlive {
            out.append(fixed: "\r\nConnection: close\r\n")
        } else if line.version == .http10 {
            out.append(fixed: "\r\nConnection: keep-alive\r\n")
        } else {
            out.append(fixed: "\r\n")
        }
    }

    /// Writes one more field.
    ///
    /// - Returns: False where nothing was written: the name is no token, the value has a control character, or the
    ///   field is one that only the writer sets.
    package func field(_ name: String, _ value: String, to out: inout [UInt8]) -> Bool {
        guard !name.isEmpty, name.utf8.allSatisfy(ASCII.isToken),
            value.utf8.allSatisfy({ $0 == 9 || ($0 >= 32 && $0 != 127) }), !Self.isOwn(name)
        else { return false }
        out.append(contentsOf: name.utf8)
        out.append(fixed: ": ")
        out.append(contentsOf: value.utf8)
        out.append(fixed: "\r\n")
        return true
    }

    /// Ends the head with the body's length and writes the body, where the answer has one.
    package func end(
        _ line: ResponseContext,
        status: Int,
        body: Span<UInt8>,
        to out: inout [UInt8]
    ) {
        guard status != 204, status != 304 else {
            out.append(fixed: "\r\n")
            return
        }
        out.append(fixed: "Content-Length: ")
        out.append(decimal: body.count)
        out.append(fixed: "\r\n\r\n")
        guard !line.isHead else { return }
        unsafe body.withUnsafeBufferPointer { unsafe out.append(contentsOf: $0) }
    }

    /// Ends the head of an answer to HEAD that does not say how long GET's would be (RFC 9110, 8.6).
    package func endWithoutLength(to out: inout [UInt8]) {
        out.append(fixed: "\r\n")
    }

    /// Ends the head of an answer that comes in pieces.
    package func endInPieces(_ pieces: Pieces, to out: inout [UInt8]) {
        switch pieces {
        case .chunked: out.append(fixed: "Transfer-Encoding: chunked\r\n\r\n")
        case .untilClose: out.append(fixed: "\r\n")
        }
    }

    /// Writes one piece; an empty one writes nothing, because it would end the answer.
    package func piece(_ bytes: Span<UInt8>, _ pieces: Pieces, to out: inout [UInt8]) {
        guard !bytes.isEmpty else { return }
        if case .chunked = pieces {
            out.append(contentsOf: String(bytes.count, radix: 16).utf8)
            out.append(fixed: "\r\n")
        }
        unsafe bytes.withUnsafeBufferPointer { unsafe out.append(contentsOf: $0) }
        if case .chunked = pieces { out.append(fixed: "\r\n") }
    }

    /// Ends an answer in pieces.
    package func endPieces(_ pieces: Pieces, to out: inout [UInt8]) {
        if case .chunked = pieces { out.append(fixed: "0\r\n\r\n") }
    }

    /// Writes the interim answer that asks for the body (RFC 9110, 15.2.1).
    package func continuation(to out: inout [UInt8]) {
        out.append(fixed: "HTTP/1.1 100 Continue\r\n\r\n")
    }

    private static func isOwn(_ name: String) -> Bool {
        switch name.lowercased() {
        case "content-length", "transfer-encoding", "connection", "date", "x-request-id": true
        default: false
        }
    }
}
