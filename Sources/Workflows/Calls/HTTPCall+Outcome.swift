internal import JSONWire
internal import Primitives

extension HTTPCall {
    /// How much of a refused response's body its message shows.
    private static let shownBytesMax = 1024

    /// What an answer means: a status of 400 or more is a failure unless the call takes any.
    ///
    /// - Parameters:
    ///   - status: The HTTP status.
    ///   - contentType: The response's `Content-Type`; nil for none.
    ///   - body: The body, whole.
    /// - Returns: The body as a value, or the failure with the body's first KB.
    package func outcome(status: Int, contentType: String?, body: [UInt8]) -> CallOutcome {
        guard status < 400 || takesAnyStatus else {
            return .failure(refusal(status: status, contentType: contentType, body: body))
        }
        do throws(JSONError) {
            return .success(try Self.value(contentType: contentType, body: body), status: status)
        } catch {
            if takesAnyStatus { return .success(.null, status: status) }
            let message =
                "\(method) \(shownURL) answered \(status) with JSON that cannot be read: \(error.message)"
            return .failure(CallFailure(code: .responseInvalid, message: message))
        }
    }

    private func refusal(status: Int, contentType: String?, body: [UInt8]) -> CallFailure {
        let shown = String(decoding: body.prefix(Self.shownBytesMax), as: UTF8.self)
        let more = body.count > Self.shownBytesMax ? "…" : ""
        let tail = shown.isEmpty ? "" : ": \(shown)\(more)"
        return CallFailure(
            code: .httpStatus,
            message: "\(method) \(shownURL) answered \(status)\(tail)",
            result: Self.refusedValue(contentType: contentType, body: body)
        )
    }

    private static func refusedValue(contentType: String?, body: [UInt8]) -> JSONValue {
        do throws(JSONError) {
            return try value(contentType: contentType, body: body)
        } catch {
            // The status is what counts; a body that is not what it says is shown as text.
            return .string(String(decoding: body.prefix(shownBytesMax), as: UTF8.self))
        }
    }

    /// The value of a response: JSON by its type, else text; JSON without a type is recognised, no body is null.
    private static func value(
        contentType: String?,
        body: [UInt8]
    ) throws(JSONError) -> JSONValue {
        guard !body.isEmpty else { return .null }
        guard let contentType else {
            do throws(JSONError) {
                return try JSONValue.parse(body)
            } catch {
                return .string(String(decoding: body, as: UTF8.self))
            }
        }
        if MediaType.isJSON(MediaType.essence(contentType)) { return try JSONValue.parse(body) }
        return .string(String(decoding: body, as: UTF8.self))
    }
}
