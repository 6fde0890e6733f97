internal import Expressions
internal import HTTPEngine
internal import HTTPWire
internal import JSONWire
internal import Primitives

/// The parts of a request, beside its body, that an endpoint's expressions read; what none of them names is not taken.
struct RequestFacts: Sendable {
    private var query: JSONValue = .null
    private var header: JSONValue = .null
    private var path: JSONValue = .null
    private var method: JSONValue = .null
    private var client: JSONValue = .null
    private var context: JSONValue = .null

    /// Takes what `needed` names out of a request.
    init(_ request: borrowing Request, needed: SourceSet) {
        if needed.contains(.query) { query = Self.grouped(request.queryPairs) }
        if needed.contains(.header) { header = Self.grouped(request.headers) }
        if needed.contains(.path) { path = .string(request.path) }
        if needed.contains(.method) { method = .string(request.method.name) }
        if needed.contains(.client) {
            client = .object(["address": .string(request.peerAddress)])
        }
        if needed.contains(.context) {
            context = .object([
                "request_id": .string(request.requestID.text),
                "timestamp": .string(WallTime.now().rfc3339),
            ])
        }
    }

    /// Takes the parts of a request that is not on the wire: a sample, or a recorded one.
    init(
        method: String,
        path: String,
        query: [(name: String, value: String)],
        headers: [(name: String, value: String)],
        peer: String = "127.0.0.1",
        requestID: UUIDv7? = nil,
        time: WallTime
    ) {
        self.query = Self.grouped(query)
        header = Self.grouped(headers.map { ($0.name.lowercased(), $0.value) })
        self.path = .string(path)
        self.method = .string(method)
        client = .object(["address": .string(peer)])
        context = .object([
            "request_id": .string((requestID ?? UUIDv7(time: time, random: (1, 1))).text),
            "timestamp": .string(time.rfc3339),
        ])
    }

    /// The value of a source; null for one that was not taken.
    ///
    /// Header names are looked up without regard to case.
    func value(_ reference: Reference) -> JSONValue {
        switch reference.source {
        case .query: query.select(reference.steps)
        case .header: header.select(Self.lowercased(reference.steps))
        case .path: path.select(reference.steps)
        case .method: method.select(reference.steps)
        case .client: client.select(reference.steps)
        case .context: context.select(reference.steps)
        default: .null
        }
    }

    /// A map of pairs: a name that comes once has its text, one that comes more often the list of its texts.
    static func grouped(_ pairs: [(name: String, value: String)]) -> JSONValue {
        var object = JSONObject()
        for pair in pairs {
            switch object[pair.name] {
            case nil: object[pair.name] = .string(pair.value)
            case .array(let values): object[pair.name] = .array(values + [.string(pair.value)])
            case let first?: object[pair.name] = .array([first, .string(pair.value)])
            }
        }
        return .object(object)
    }

    private static func lowercased(_ steps: [PathStep]) -> [PathStep] {
        guard case .member(let name) = steps.first else { return steps }
        return [.member(JSONName(name.text.lowercased()))] + steps.dropFirst()
    }
}
