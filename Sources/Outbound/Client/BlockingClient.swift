package import Loops
internal import Primitives

/// Sends one HTTP request after another, each on the calling thread until its answer is there.
///
/// For command lines; never on a loop or a worker.
package final class BlockingClient: Sendable {
    private let client: HTTPClient

    /// Starts a client with one loop of its own.
    ///
    /// - Parameter userAgent: What it calls itself.
    /// - Throws: ``LoopError`` when the system has no thread to give.
    package init(userAgent: String) throws(LoopError) {
        client = try HTTPClient(
            threads: 1,
            maxConcurrentCount: 0,
            userAgent: userAgent,
            log: .silent
        )
    }

    /// Sends a request and waits for its answer; may be called on several threads at once.
    ///
    /// - Throws: ``OutboundError`` when none came.
    package func send(_ request: OutboundRequest) throws(OutboundError) -> OutboundResponse {
        let answer = Lock<Result<OutboundResponse, OutboundError>?>(nil)
        let parker = Parker()
        client.send(request) { result in
            answer.withLock { $0 = result }
            parker.unpark()
        }
        while true {
            if let result = answer.withLock({ $0 }) { return try result.get() }
            parker.park()
        }
    }
}
