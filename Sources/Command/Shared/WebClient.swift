internal import JSONWire
internal import Loops
internal import Outbound

/// Sends one HTTP request after another and waits for each; what the commands talk to servers with.
final class WebClient: Sendable {
    /// What came back.
    struct Reply {
        /// The status code.
        let status: Int
        /// The body.
        let body: [UInt8]

        /// Whether the status says success.
        var isSuccess: Bool { (200..<300).contains(status) }

        /// The body as JSON; its text where it is none, null where it is empty.
        var value: JSONValue {
            if body.isEmpty { return .null }
            do throws(JSONError) {
                return try JSONValue.parse(body)
            } catch {
                return .string(String(decoding: body, as: UTF8.self))
            }
        }
    }

    /// Why nothing came back, as a sentence.
    struct Failure: Error {
        let message: String
    }

    private let client: BlockingClient

    /// Starts a client.
    ///
    /// - Throws: ``Failure`` when the system has no thread to give.
    init() throws(Failure) {
        do throws(LoopError) {
            client = try BlockingClient(userAgent: "sluice")
        } catch {
            throw Failure(message: error.message)
        }
    }

    /// Sends a request and waits for its answer.
    ///
    /// - Throws: ``Failure`` when none came.
    func send(_ request: OutboundRequest) throws(Failure) -> Reply {
        do throws(OutboundError) {
            let response = try client.send(request)
            return Reply(status: response.status, body: response.body)
        } catch {
            throw Failure(message: error.message)
        }
    }
}
