package import Outbound
package import Workflows

/// What the end of a request means for its step.
package enum HTTPOutcome {
    /// An answer is read as its call says; without one the step fails with the client's reason.
    ///
    /// `followsRedirects`: whether redirects are followed at all, so that one that is left is one that was not to be followed.
    package static func of(
        _ result: Result<OutboundResponse, OutboundError>,
        call: HTTPCall,
        followsRedirects: Bool = true
    ) -> CallOutcome {
        switch result {
        case .failure(let error):
            return .failure(
                CallFailure(
                    code: error.code,
                    message: "\(call.method) \(call.shownURL): \(error.message)"
                )
            )
        case .success(let response):
            if followsRedirects, call.method == "POST", [301, 302].contains(response.status),
                let location = response.header("location")
            {
                return .failure(
                    call.redirected(
                        status: response.status,
                        to: location,
                        headers: response.headers
                    )
                )
            }
            return call.outcome(
                status: response.status,
                contentType: response.contentType,
                body: response.body,
                headers: response.headers
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
