package import Primitives

/// What a verifier sees of a request beside its body: copied out of the head once, and good for another thread.
///
/// The body is lent to the checks, in as many pieces as it came in.
package struct SenderRequest: Sendable {
    /// The method, in capitals.
    package let method: String
    /// The target as it was sent, path and query: `/hook?a=1`.
    package let target: String
    /// `http` or `https`, as the request came to this machine.
    package let scheme: String
    /// The value of Host; empty where there is none.
    package let authority: String
    /// What the port is called outside, without a slash at its end: `https://hooks.example.com`; nil where it is not known.
    package let publicOrigin: String?
    /// Who sent it; nil where that is not known.
    package private(set) var client: IPAddress?

    private var bytes: [UInt8] = []
    private var fields: [(name: Range<Int>, value: Range<Int>)] = []

    /// Makes a request without header fields.
    package init(
        method: String,
        target: String,
        scheme: String = "http",
        authority: String = "",
        publicOrigin: String? = nil,
        client: IPAddress? = nil
    ) {
        self.method = method
        self.target = target
        self.scheme = scheme
        self.authority = authority
        self.publicOrigin = publicOrigin
        self.client = client
        bytes.reserveCapacity(256)
    }

    /// The same request from an address.
    package func from(_ client: IPAddress) -> SenderRequest {
        var other = self
        other.client = client
        return other
    }

    /// Adds a header field; fields of one name keep their order.
    ///
    /// - Parameters:
    ///   - name: The name as it was sent.
    ///   - value: The value without blanks round it.
    package mutating func add(name: Span<UInt8>, value: Span<UInt8>) {
        let start = bytes.count
        bytes.append(lowercasing: name)
        let middle = bytes.count
        bytes.append(value)
        fields.append((start..<middle, middle..<bytes.count))
    }

    /// Adds a header field.
    package mutating func add(_ name: String, _ value: String) {
        add(name: Array(name.utf8).span, value: Array(value.utf8).span)
    }

    /// Adds a header field where it is one of the names; for those who walk over a head once.
    package mutating func add(
        name: Span<UInt8>,
        value: Span<UInt8>,
        ifIn names: [HeaderName]
    ) {
        for wanted in names where wanted.matches(name) { return add(name: name, value: value) }
    }

    /// How many fields have a name.
    func count(of name: HeaderName) -> Int { find(name)?.count ?? 0 }

    /// The value of the first field with a name; nil where there is none.
    func value(of name: HeaderName) -> ArraySlice<UInt8>? { find(name).map { bytes[$0.first] } }

    /// Where the value of the first field with a name stands, and how many fields have it; nil for none.
    private func find(_ name: HeaderName) -> (first: Range<Int>, count: Int)? {
        var first: Range<Int>?
        var count = 0
        for field in fields where matches(field.name, name) {
            if first == nil { first = field.value }
            count += 1
        }
        return first.map { ($0, count) }
    }

    /// The values of all fields with a name, in their order.
    func values(of name: HeaderName) -> [ArraySlice<UInt8>] {
        fields.filter { matches($0.name, name) }.map { bytes[$0.value] }
    }

    /// The value of the only field with a name.
    ///
    /// - Throws: ``VerificationRefusal`` where there is none, or more than one.
    func only(_ name: HeaderName) throws(VerificationRefusal) -> ArraySlice<UInt8> {
        guard let found = find(name) else { throw .headerMissing(name) }
        guard found.count == 1 else { throw .headerRepeated(name) }
        return bytes[found.first]
    }

    /// The value of the first name that the request has, which must stand once.
    ///
    /// - Throws: ``VerificationRefusal`` where there is none, or more than one.
    func only(_ names: [HeaderName]) throws(VerificationRefusal) -> ArraySlice<UInt8> {
        for name in names {
            guard let found = find(name) else { continue }
            guard found.count == 1 else { throw .headerRepeated(name) }
            return bytes[found.first]
        }
        throw .headerMissing(names[0])
    }

    /// The path as it was sent.
    var path: Substring { target.prefix { $0 != "?" } }

    /// The query as it was sent, without the question mark; nil where there is none.
    var query: Substring? {
        target.firstIndex(of: "?").map { target[target.index(after: $0)...] }
    }

    /// The first value of a query parameter, decoded; nil where there is none.
    func query(_ name: String) -> String? {
        query.flatMap { FormPairs.first(name, in: Array($0.utf8)) }
    }

    /// The URL that the sender called.
    ///
    /// - Parameter configured: The address as the configuration has it: with a path it is that of the endpoint, without
    ///   one the origin alone; the request's query is added where it has none.
    /// - Returns: The URL; without a configured one that of the gateway, or what scheme and Host say.
    func url(configured: String?) -> String {
        guard let configured else {
            return (publicOrigin ?? "\(scheme)://\(authority)") + target
        }
        let rest = configured.firstRange(of: "://").map { configured[$0.upperBound...] }
        guard let rest, let slash = rest.firstIndex(of: "/"), rest[slash...] != "/" else {
            let origin = configured.hasSuffix("/") ? String(configured.dropLast()) : configured
            return origin + target
        }
        guard let query, !configured.contains("?") else { return configured }
        return "\(configured)?\(query)"
    }

    private func matches(_ place: Range<Int>, _ name: HeaderName) -> Bool {
        guard place.count == name.bytes.count else { return false }
        var at = place.lowerBound
        for byte in name.bytes {
            if bytes[at] != byte { return false }
            at += 1
        }
        return true
    }
}

/// Lends a body piece by piece: calls what it is given with each piece, in their order.
package typealias BodySource = (_ look: (Span<UInt8>) -> Void) -> Void
