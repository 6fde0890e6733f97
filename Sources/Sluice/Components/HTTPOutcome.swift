internal import JSONWire
internal import Outbound
internal import Primitives
internal import Workflows

/// Reads an HTTP answer as a step's response.
enum HTTPOutcome {
    /// How much of a refused request's body its error quotes.
    private static let quotedBytesMax = 1024

    /// What a finished request means for its step: a status of 400 or more is a failure that names the URL, the status
    /// and the body's first KB; a body is JSON where it says or looks so, else text.
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
        guard isJSON(response) else { return .success(body(response), status: response.status) }
        if response.body.isEmpty { return .success(.null, status: response.status) }
        do throws(JSONError) {
            return .success(try JSONValue.parse(response.body), status: response.status)
        } catch {
            return .failure(
                CallFailure(
                    code: .responseInvalid,
                    message: "\(call.method) \(call.shownURL) answered "
                        + "\(response.status) with a body that is not the JSON it claims: "
                        + error.message
                )
            )
        }
    }

    /// The body as a value: JSON where it parses as such, else text; null where it is empty.
    private static func body(_ response: OutboundResponse) -> JSONValue {
        if response.body.isEmpty { return .null }
        if isJSON(response) || !isText(response) {
            do throws(JSONError) {
                return try JSONValue.parse(response.body)
            } catch {
                return .string(String(decoding: response.body, as: UTF8.self))
            }
        }
        return .string(String(decoding: response.body, as: UTF8.self))
    }

    private static func isJSON(_ response: OutboundResponse) -> Bool {
        let type = mediaType(response)
        return type == "application/json" || type.hasSuffix("+json")
    }

    private static func isText(_ response: OutboundResponse) -> Bool {
        mediaType(response).hasPrefix("text/")
    }

    private static func mediaType(_ response: OutboundResponse) -> String {
        let value = response.headers.last { $0.name.lowercased() == "content-type" }?.value ?? ""
        let type = value.split(separator: ";", maxSplits: 1).first.map(String.init) ?? ""
        return type.lowercased().filter { $0 != " " }
    }
}
