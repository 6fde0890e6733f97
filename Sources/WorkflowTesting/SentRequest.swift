internal import Expressions
internal import HTTPEngine
internal import HTTPWire
internal import JSONWire
internal import Listeners
internal import Primitives
internal import Workflows

/// A request that a workflow wants sent, as recorded requests and answers see it.
struct SentRequest {
    /// The URL without its query.
    let url: String
    private let call: HTTPCall
    private let query: [(name: String, value: String)]
    private let body: JSONValue

    /// Takes a request apart.
    init(_ call: HTTPCall) {
        self.call = call
        let bare = call.url.prefix { $0 != "#" }
        url = String(bare.prefix { $0 != "?" })
        let text = bare.dropFirst(url.count + 1)
        query = FormText.pairs(Array(text.utf8).span)
        let type = call.headers.first { $0.name.lowercased() == "content-type" }?.value
        do throws(Problem) {
            body = try BodyValue.whole(call.body ?? [], contentType: type)
        } catch {
            // What is no JSON and no form is compared as text.
            body = .string(String(decoding: call.body ?? [], as: UTF8.self))
        }
    }

    /// The request as a map: method, url, query, headers (names in small letters), body, component.
    var value: JSONObject {
        [
            "method": .string(call.method), "url": .string(url),
            "query": RequestFacts.grouped(query),
            "headers": RequestFacts.grouped(
                call.headers.map { ($0.name.lowercased(), $0.value) }
            ),
            "body": body, "component": .string(call.component),
        ]
    }

    /// What the expressions of an answer see: the request, as an endpoint would.
    func scope(at time: WallTime) -> ListenerScope {
        ListenerScope(
            body: .value(body),
            item: .value(body),
            facts: RequestFacts(
                method: call.method,
                path: url,
                query: query,
                headers: call.headers,
                time: time
            ),
            gateways: GatewayValues()
        )
    }

    /// What the expressions of an answer see of something that is no HTTP request.
    static func scope(of body: JSONValue, at time: WallTime) -> ListenerScope {
        ListenerScope(
            body: .value(body),
            item: .value(body),
            facts: RequestFacts(method: "", path: "", query: [], headers: [], time: time),
            gateways: GatewayValues()
        )
    }
}
