internal import Outbound
internal import Workflows

/// What the end of a request means for its step.
enum HTTPOutcome {
    /// An answer is read as its call says; without one the step fails with the client's reason.
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
        case .success(let response):
            call.outcome(
                status: response.status,
                contentType: response.contentType,
                body: response.body
            )
        }
    }
}

extension OutboundResponse {
    /// The `Content-Type`; nil for none.
    var contentType: String? {
        headers.last { $0.name.lowercased() == "content-type" }?.value
    }
}
