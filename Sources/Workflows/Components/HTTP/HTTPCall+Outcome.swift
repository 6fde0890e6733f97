internal import JSONWire
internal import Primitives

extension HTTPCall {
    /// How much of a refused request's body its error quotes.
    private static let quotedBytesMax = 1024

    /// What an answer means: a status of 400 or more is a failure unless the call takes any.
    ///
    /// - Parameters:
    ///   - status: The HTTP status.
    ///   - contentType: The answer's `Content-Type`; nil for none.
    ///   - body: The body, whole.
    ///   - headers: All header fields.
    /// - Returns: The body as a value, or the failure, which names the URL, the status and the body's first KB.
    package func outcome(
        status: Int,
        contentType: String?,
        body: [UInt8],
        headers: [(name: String, value: String)] = []
    ) -> CallOutcome {
        let type = contentType.map(ResponseMediaType.essence) ?? ""
        let head = AnswerHead(status: status, fields: headers, keepsAll: keepsHeaders)
        guard status < 400 || takesAnyStatus else {
            return .failure(refusal(head, type, body))
        }
        if type == EventStream.mediaType {
            return .success(
                EventStream.value(body, as: streamFormat),
                status: status,
                headers: head.headers
            )
        }
        guard ResponseMediaType.isJSON(type), !body.isEmpty else {
            return .success(Self.value(type, body), status: status, headers: head.headers)
        }
        do throws(JSONError) {
            return .success(
                try JSONValue.parse(body),
                status: status,
                headers: head.headers
            )
        } catch {
            // Of a poll the status counts.
            if takesAnyStatus {
                return .success(Self.value(type, body), status: status, headers: head.headers)
            }
            return .failure(
                CallFailure(
                    code: .responseInvalid,
                    message: "\(method) \(shownURL) answered \(status) with a body that is not the "
                        + "JSON it claims: \(error.message)",
                    head: head
                )
            )
        }
    }

    /// The failure of a POST that is answered with a redirect to which it would go on as a GET.
    ///
    /// - Parameters:
    ///   - status: The status, 301 or 302.
    ///   - location: Where the answer points, as a whole URL.
    ///   - headers: All header fields.
    /// - Returns: The failure, which names both URLs.
    package func redirected(
        status: Int,
        to location: String,
        headers: [(name: String, value: String)]
    ) -> CallFailure {
        CallFailure(
            code: .redirected,
            message: "\(method) \(shownURL) answered \(status) and points to "
                + "\(ShownURL.text(of: location, hiding: [])): it would go on there as a GET, so nothing was submitted",
            head: AnswerHead(status: status, fields: headers, keepsAll: keepsHeaders)
        )
    }

    private func refusal(_ head: AnswerHead, _ type: String, _ body: [UInt8]) -> CallFailure {
        let quoted = String(decoding: body.prefix(Self.quotedBytesMax), as: UTF8.self)
        let more = body.count > Self.quotedBytesMax ? "…" : ""
        return CallFailure(
            code: .httpStatus,
            message: "\(method) \(shownURL) answered \(head.status)"
                + (quoted.isEmpty ? "" : ": \(quoted)\(more)"),
            result: Self.value(type, body),
            head: head
        )
    }

    /// The body as a value; null where it is empty.
    ///
    /// JSON where it says so or names no type and parses as such; else text where it is UTF-8; else base64.
    private static func value(_ type: String, _ body: [UInt8]) -> JSONValue {
        if body.isEmpty { return .null }
        guard ResponseMediaType.isJSON(type) || type.isEmpty else { return text(body) }
        do throws(JSONError) {
            return try JSONValue.parse(body)
        } catch {
            return text(body)
        }
    }

    private static func text(_ bytes: [UInt8]) -> JSONValue {
        let text = String(decoding: bytes, as: UTF8.self)
        // What was repaired is not what was sent.
        return .string(text.utf8.elementsEqual(bytes) ? text : Base64.text(of: bytes))
    }
}
