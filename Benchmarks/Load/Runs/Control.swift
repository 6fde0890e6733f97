import JSONWire
import Loops
import Outbound
import Primitives

/// Asks a server for something that is not measured, one request after another.
final class Control: Sendable {
    private let client: HTTPClient
    private let token: String?

    /// Starts a client.
    ///
    /// - Throws: ``Mistake`` when the system has no thread to give.
    init(token: String?) throws(Mistake) {
        self.token = token
        do throws(LoopError) {
            client = try HTTPClient(
                threads: 1,
                maxConcurrentCount: 0,
                userAgent: "sluice-load",
                log: .silent
            )
        } catch {
            throw Mistake(error.message)
        }
    }

    deinit {
        client.stop()
    }

    /// Sends a request and gives the JSON that is answered.
    ///
    /// - Parameters:
    ///   - method: The method.
    ///   - url: The whole URL.
    ///   - body: A body of JSON; nil for none.
    /// - Returns: The JSON.
    /// - Throws: ``Mistake`` when nothing came back, or neither success nor JSON.
    func ask(_ method: String, _ url: String, body: [UInt8]? = nil) throws(Mistake) -> JSONValue {
        var request = OutboundRequest(method: method, url: url, body: body)
        if body != nil { request.headers.append(("Content-Type", "application/json")) }
        if let token { request.headers.append(("Authorization", "Bearer \(token)")) }
        request.responseBytesMax = 256 << 20
        let answer = try send(request)
        guard (200..<300).contains(answer.status) else {
            let text = String(decoding: answer.body.prefix(500), as: UTF8.self)
            throw Mistake("\(method) \(url) was answered \(answer.status): \(text)")
        }
        do throws(JSONError) {
            return try JSONValue.parse(answer.body)
        } catch {
            throw Mistake("\(method) \(url) was answered with something that is no JSON")
        }
    }

    private func send(_ request: OutboundRequest) throws(Mistake) -> OutboundResponse {
        let answer = SleepingLock<Result<OutboundResponse, OutboundError>?>(nil)
        let parker = Parker()
        client.send(request) { result in
            answer.withLock { $0 = result }
            parker.unpark()
        }
        while true {
            parker.park()
            switch answer.withLock({ $0 }) {
            case .success(let response)?: return response
            case .failure(let error)?: throw Mistake("\(request.url): \(error.message)")
            case nil: continue
            }
        }
    }
}
