internal import JSONWire
internal import Outbound
internal import Primitives
internal import Workflows

/// Reads an HTTP answer as a step's response.
enum HTTPOutcome {
    /// How much of a refused request's body its error quotes.
    private static let quotedBytesMax = 1024

    /// What a finished request means for its step: a status of 400 or more is a failure that names the URL, the status
    /// and the body's first KB.
    static func of(
        _ result: Result<OutboundResponse, OutboundError>,
        call: HTTPCall
    ) -> CallOutcome {
        switch result {
        case .failure(let error):
            .failure(
                CallFailure(
                    code: error.code,
                    message: "\(call.method) \(call.shownURL): \(error.message)"
                )
            )
        case .success(let response) where response.status >= 400 && !call.takesAnyStatus:
            .failure(refusal(response, call: call))
        case .success(let response):
            read(response, call: call)
        }
    }

    private static func refusal(_ response: OutboundResponse, call: HTTPCall) -> CallFailure {
        let quoted = String(decoding: response.body.prefix(quotedBytesMax), as: UTF8.self)
        return CallFailure(
            code: .httpStatus,
            message: "\(call.method) \(call.shownURL) answered "
                + "\(response.status): \(quoted)",
            result: body(response)
        )
    }

    private static func read(_ response: OutboundResponse, call: HTTPCall) -> CallOutcome {
        let status = response.status
        if mediaType(response) == "text/event-stream" {
            let value = EventStream.value(response.body, as: call.streamFormat)
            return .success(value, status: status)
        }
        guard isJSON(response), !response.body.isEmpty else {
            return .success(body(response), status: status)
        }
        do throws(JSONError) {
            return .success(try JSONValue.parse(response.body), status: status)
        } catch {
            // Of a poll the status counts.
            if call.takesAnyStatus { return .success(body(response), status: status) }
            return .failure(
                CallFailure(
                    code: .responseInvalid,
                    message: "\(call.method) \(call.shownURL) answered "
                        + "\(status) with a body that is not the JSON it claims: "
                        + error.message
                )
            )
        }
    }

    /// The body as a value; null where it is empty.
    ///
    /// JSON where it says so or names no type and parses as such; else text where it is UTF-8; else base64.
    private static func body(_ response: OutboundResponse) -> JSONValue {
        if response.body.isEmpty { return .null }
        if isJSON(response) || mediaType(response).isEmpty {
            do throws(JSONError) {
                return try JSONValue.parse(response.body)
            } catch {
                return text(response.body)
            }
        }
        return text(response.body)
    }

    private static func text(_ bytes: [UInt8]) -> JSONValue {
        let text = String(decoding: bytes, as: UTF8.self)
        // What was repaired is not what was sent.
        return .string(text.utf8.elementsEqual(bytes) ? text : Base64.text(of: bytes))
    }

    private static func isJSON(_ response: OutboundResponse) -> Bool {
        let type = mediaType(response)
        return type == "application/json" || type.hasSuffix("+json")
    }

    private static func mediaType(_ response: OutboundResponse) -> String {
        let value = response.headers.last { $0.name.lowercased() == "content-type" }?.value ?? ""
        let type = value.split(separator: ";", maxSplits: 1).first.map(String.init) ?? ""
        return type.lowercased().filter { $0 != " " }
    }
}
