internal import Expressions
internal import HTTPEngine
internal import HTTPWire
package import JSONWire
package import Primitives

/// The parts of a request, beside its body, that an endpoint's expressions read; what none of them names is not taken.
package struct RequestFacts: Sendable {
    /// The parts; nil where none is needed, which is the usual case and costs nothing.
    private let parts: Parts?

    /// The values of the sources; null for one that was not taken.
    private final class Parts: Sendable {
        let query: JSONValue
        let header: JSONValue
        let path: JSONValue
        /// The parameters of the path.
        let parameters: JSONValue
        let method: JSONValue
        let client: JSONValue
        let context: JSONValue
        /// The body as it was sent, where something reads it so; nil otherwise.
        let body: [UInt8]?
        let carried: CarriedParts

        init(
            query: JSONValue,
            header: JSONValue,
            path: JSONValue,
            parameters: JSONValue,
            method: JSONValue,
            client: JSONValue,
            context: JSONValue,
            body: [UInt8]?,
            carried: CarriedParts
        ) {
            self.body = body
            self.query = query
            self.header = header
            self.path = path
            self.parameters = parameters
            self.method = method
            self.client = client
            self.context = context
            self.carried = carried
        }
    }

    /// The sources that are parts of a request beside its body.
    static let sources = SourceSet(of: [
        .query, .header, .path, .method, .client, .context, .request,
    ])

    /// Takes nothing: for expressions that read the body only.
    package init() {
        parts = nil
    }

    /// No parts: what expressions that read the body only need.
    package static var none: RequestFacts { RequestFacts() }

    /// Takes what `needed` names out of a request.
    ///
    /// `printed` are the header fields that are part of what the request carries, in lower case; nil where nobody asks what
    /// makes it the same request.
    init(_ request: borrowing Request, needed: SourceSet, body: RawSpan, printed: [String]?) {
        parts = Self.parts(request, needed, body, printed)
    }

    private static func parts(
        _ request: borrowing Request,
        _ needed: SourceSet,
        _ body: RawSpan,
        _ printed: [String]?
    ) -> Parts {
        let parameters = request.parameters
        return Parts(
            query: needed.contains(.query) ? grouped(request.queryPairs) : .null,
            header: needed.contains(.header) ? grouped(request.headers) : .null,
            path: needed.contains(.path) ? .string(request.path) : .null,
            parameters: needed.contains(.path) ? grouped(parameters) : .null,
            method: needed.contains(.method) ? .string(request.method.name) : .null,
            client: needed.contains(.client)
                ? client(request.clientAddress, peer: request.peerAddress) : .null,
            context: needed.contains(.context)
                ? context(request.requestID, at: .now()) : .null,
            body: needed.contains(.request) ? body.copied : nil,
            carried: printed.map { CarriedParts(request, parameters: parameters, counted: $0) }
                ?? .none
        )
    }

    /// Takes the parts of a request that is not on the wire: a sample, or a recorded one.
    package init(
        method: String,
        path: String,
        parameters: [(name: String, value: String)] = [],
        query: [(name: String, value: String)],
        headers: [(name: String, value: String)],
        peer: String = "127.0.0.1",
        requestID: UUIDv7? = nil,
        time: WallTime,
        body: [UInt8] = [],
        carried: CarriedParts = .none
    ) {
        parts = Parts(
            query: Self.grouped(query),
            header: Self.grouped(headers.map { ($0.name.lowercased(), $0.value) }),
            path: .string(path),
            parameters: Self.grouped(parameters),
            method: .string(method),
            client: Self.client(peer, peer: peer),
            context: Self.context(requestID ?? UUIDv7(time: time, random: (1, 1)), at: time),
            body: body,
            carried: carried
        )
    }

    /// What `${request}` yields; made when it is asked for, because it is as large as the body.
    private static func request(_ body: [UInt8]?) -> JSONValue {
        .object(["body_base64": .string(Base64.text(of: body ?? []))])
    }

    /// What `${client}` yields.
    private static func client(_ address: String, peer: String) -> JSONValue {
        .object(["address": .string(address), "peer": .string(peer)])
    }

    /// What `${context}` yields, and in it `now()`, which is the time of the request.
    private static func context(_ requestID: UUIDv7, at time: WallTime) -> JSONValue {
        let time = JSONValue.string(time.rfc3339)
        return .object([
            "request_id": .string(requestID.text), "timestamp": time, "now": time,
        ])
    }

    /// What the request carries beside its body, for its fingerprint.
    package var carried: CarriedParts { parts?.carried ?? .none }

    /// Whether it carries anything beside its body.
    package var isCarrying: Bool { parts.map { !$0.carried.bytes.isEmpty } ?? false }

    /// The value of a source; null for one that was not taken.
    ///
    /// Header names are looked up without regard to case.
    func value(_ reference: Reference) -> JSONValue {
        guard let parts else { return .null }
        return switch reference.source {
        case .query: parts.query.select(reference.steps)
        case .header: parts.header.select(Self.lowercased(reference.steps))
        case .path where reference.steps.isEmpty: parts.path
        case .path: parts.parameters.select(reference.steps)
        case .method: parts.method.select(reference.steps)
        case .client: parts.client.select(reference.steps)
        case .context: parts.context.select(reference.steps)
        case .request: Self.request(parts.body).select(reference.steps)
        default: .null
        }
    }

    /// A map of pairs: a name that comes once has its text, one that comes more often the list of its texts.
    package static func grouped(_ pairs: [(name: String, value: String)]) -> JSONValue {
        .object(grouped(pairs.map { ($0.name, .string($0.value)) }))
    }

    /// An object of pairs: a name that comes once has its value, one that comes more often the list of its values.
    ///
    /// - Complexity: O(n), however often a name comes.
    static func grouped(_ pairs: [(name: String, value: JSONValue)]) -> JSONObject {
        // The first of each name stands in the object; the lists of the others are joined to it once, at the end.
        var object = JSONObject()
        var further: [JSONName: [JSONValue]] = [:]
        var repeated: [String] = []
        for pair in pairs {
            if object[pair.name] == nil {
                object[pair.name] = pair.value
            } else {
                let name = JSONName(pair.name)
                if further[name] == nil { repeated.append(pair.name) }
                further[name, default: []].append(pair.value)
            }
        }
        for name in repeated {
            object[name] = .array([object[name] ?? .null] + (further[JSONName(name)] ?? []))
        }
        return object
    }

    private static func lowercased(_ steps: [PathStep]) -> [PathStep] {
        guard case .member(let name) = steps.first else { return steps }
        return [.member(JSONName(name.text.lowercased()))] + steps.dropFirst()
    }
}
