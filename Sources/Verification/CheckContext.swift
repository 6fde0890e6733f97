internal import JSONWire
internal import Primitives
internal import Security

/// One request while it is checked, with what was read of its body so far.
struct CheckContext {
    /// The request.
    let request: SenderRequest
    /// The keys that were fetched.
    let ring: KeyRing
    /// The present, in milliseconds since 1970.
    let now: Int64

    private var joined: [UInt8]?
    private var tree: JSONValue?
    private var pairs: [(name: String, value: String)]?

    /// How deep JSON may be that is read before it is verified.
    static let depthMax = 64

    /// Begins a check.
    init(request: SenderRequest, ring: KeyRing, now: Int64) {
        self.request = request
        self.ring = ring
        self.now = now
    }

    /// The body in one piece.
    mutating func bytes(_ body: BodySource) -> [UInt8] {
        if let joined { return joined }
        var all: [UInt8] = []
        body { all.append($0) }
        joined = all
        return all
    }

    /// The body as JSON.
    mutating func json(_ body: BodySource) throws(VerificationRefusal) -> JSONValue {
        if let tree { return tree }
        let text = bytes(body)
        do throws(JSONError) {
            let value = try JSONValue.parse(text, depthMax: Self.depthMax)
            tree = value
            return value
        } catch {
            throw .bodyUnreadable("JSON")
        }
    }

    /// The body as the pairs of a form.
    mutating func form(
        _ body: BodySource
    ) throws(VerificationRefusal) -> [(name: String, value: String)] {
        if let pairs { return pairs }
        guard let all = FormPairs.all(in: bytes(body)) else {
            throw .bodyUnreadable("a form of at most \(FormPairs.countMax) fields")
        }
        pairs = all
        return all
    }

    /// The body's digest.
    func digest(_ body: BodySource, by algorithm: DigestAlgorithm) -> [UInt8] {
        var stream = DigestStream(algorithm)
        body { stream.update($0) }
        return stream.finish()
    }
}
