internal import HTTPWire
internal import Primitives

/// What the proxies before this server say of a request: `Forwarded` (RFC 7239) and the `X-Forwarded-` fields.
///
/// Every proxy appends to what it got, and what the client itself sent stands in front. So the fields are read from their end,
/// hop by hop, for as long as the hop that appended an entry is trusted. The first address that is not one of a trusted proxy
/// is the client; what stands before it is never looked at.
struct ForwardedFields {
    private var forwarded: [UInt8]?
    private var addresses: [UInt8]?
    private var schemes: [UInt8]?
    private var hosts: [UInt8]?

    /// The most trusted hops that are followed; the last one of them is the client then.
    static let hopsMax = 100

    /// Collects the fields of a head; several of one name are one list (RFC 9110, 5.3).
    init(_ head: borrowing Head) {
        var (forwarded, addresses) = ([UInt8]?.none, [UInt8]?.none)
        var (schemes, hosts) = ([UInt8]?.none, [UInt8]?.none)
        head.forEachField { name, value in
            // Nearly every field differs from these by its length or its first letter.
            guard let first = name.count > 0 ? name[0] | 0x20 : nil,
                first == UInt8(ascii: "f") || first == UInt8(ascii: "x")
            else { return }
            if Self.matches(name, Self.forwardedName) {
                Self.append(value, to: &forwarded)
            } else if Self.matches(name, Self.addressesName) {
                Self.append(value, to: &addresses)
            } else if Self.matches(name, Self.schemesName) {
                Self.append(value, to: &schemes)
            } else if Self.matches(name, Self.hostsName) {
                Self.append(value, to: &hosts)
            }
        }
        self.forwarded = forwarded
        self.addresses = addresses
        self.schemes = schemes
        self.hosts = hosts
    }

    /// What the fields come to; `plain` is what is known without them.
    ///
    /// - Complexity: O(bytes of the fields).
    func origin(_ plain: RequestOrigin, trusting trusted: TrustedProxies) -> RequestOrigin {
        guard let peer = IPAddress(plain.client), trusted.contains(peer) else { return plain }
        let standard = forwarded.map { hop(before: peer, $0, trusted, Self.node) }
        let usual = addresses.map { hop(before: peer, $0, trusted) { .init(address: $0) } }
        // A proxy writes one of the two. The other may be the client's own invention, and which one it is nobody can tell.
        if let standard, let usual, standard.client != usual.client {
            return RequestOrigin(
                client: RequestOrigin.unknown,
                scheme: plain.scheme,
                authority: plain.authority
            )
        }
        let depth = usual?.depth ?? standard?.depth ?? 0
        let scheme =
            standard?.entry?.scheme ?? Self.entry(schemes, depth).flatMap(Self.scheme)
        let authority =
            standard?.entry?.authority ?? Self.entry(hosts, depth).flatMap(Self.authority)
        return RequestOrigin(
            client: (usual ?? standard)?.client.text ?? plain.client,
            scheme: scheme ?? plain.scheme,
            authority: authority ?? plain.authority
        )
    }

    /// The hop that the trusted ones lead to.
    private struct Hop {
        /// Its address.
        var client: IPAddress
        /// What the trusted proxy nearest to it says of it.
        var entry: Entry?
        /// How many entries stand behind that one.
        var depth = 0
    }

    /// What one proxy says of the hop before it.
    private struct Entry {
        /// The hop's address; nil where it is hidden, or what stands there is none.
        var address: IPAddress?
        var scheme: String?
        var authority: String?

        init(address text: ArraySlice<UInt8>) {
            address = ForwardedFields.address(text)
        }
    }

    /// Walks from the peer towards the client for as long as the hops are trusted.
    private func hop(
        before peer: IPAddress,
        _ field: [UInt8],
        _ trusted: TrustedProxies,
        _ read: (ArraySlice<UInt8>) -> Entry?
    ) -> Hop {
        var hop = Hop(client: peer)
        var rest = field[...]
        for depth in 0..<Self.hopsMax {
            guard trusted.contains(hop.client), let text = Self.takeLast(&rest),
                let entry = read(text), let address = entry.address
            else { break }
            hop = Hop(client: address, entry: entry, depth: depth)
        }
        return hop
    }

    // MARK: Lists

    /// Takes the last element off a list: what stands behind the last comma that is not inside quotes; nil where nothing is left.
    private static func takeLast(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard !rest.isEmpty else { return nil }
        var at = rest.endIndex
        var isQuoted = false
        while at > rest.startIndex {
            let byte = rest[at - 1]
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if byte == UInt8(ascii: ","), !isQuoted { break }
            at -= 1
        }
        let element = HeaderParameters.trimmed(rest[at...])
        rest = rest[..<max(rest.startIndex, at - 1)]
        return element
    }

    /// The element with so many behind it; the first one where there are not as many, and nil for an empty list.
    private static func entry(_ list: [UInt8]?, _ depth: Int) -> ArraySlice<UInt8>? {
        guard var rest = list?[...] else { return nil }
        var found: ArraySlice<UInt8>?
        for _ in 0...depth {
            guard let element = takeLast(&rest) else { break }
            found = element
        }
        return found
    }

    // MARK: Elements

    /// Reads an element of `Forwarded` (RFC 7239, 4); nil for what no proxy writes.
    private static func node(_ element: ArraySlice<UInt8>) -> Entry? {
        guard !element.contains(UInt8(ascii: "\\")),
            element.count(where: { $0 == UInt8(ascii: "\"") }).isMultiple(of: 2)
        else { return nil }
        let pairs = HeaderParameters([UInt8(ascii: ";")] + element)
        guard let node = pairs["for"] else { return nil }
        var entry = Entry(address: node[...])
        entry.scheme = pairs["proto"].flatMap { scheme($0[...]) }
        entry.authority = pairs["host"].flatMap { authority($0[...]) }
        return entry
    }

    /// Reads an address with or without a port: `192.0.2.7`, `192.0.2.7:4711`, `2001:db8::1`, `[2001:db8::1]:4711`.
    private static func address(_ text: ArraySlice<UInt8>) -> IPAddress? {
        guard text.count <= addressBytesMax else { return nil }
        let text = String(decoding: text, as: UTF8.self)
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]"), isPort(text[text.index(after: end)...]) else {
                return nil
            }
            return IPAddress(String(text[...end]))
        }
        guard let colon = text.firstIndex(of: ":"), text.lastIndex(of: ":") == colon else {
            return IPAddress(text)
        }
        return isPort(text[colon...]) ? IPAddress(String(text[..<colon])) : nil
    }

    /// Whether a text is empty or a colon and a port; RFC 7239 lets a port be hidden as `_name`.
    private static func isPort(_ text: Substring) -> Bool {
        guard let colon = text.first else { return true }
        return colon == ":" && text.count > 1
            && text.dropFirst().allSatisfy {
                $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0))
            }
    }

    private static func scheme(_ text: ArraySlice<UInt8>) -> String? {
        let word = String(decoding: text.prefix(8), as: UTF8.self).lowercased()
        return word == "http" || word == "https" ? word : nil
    }

    private static func authority(_ text: ArraySlice<UInt8>) -> String? {
        let bytes = Array(text)
        guard bytes.count <= authorityBytesMax, HostCheck.isValid(bytes.span) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// No longer text is an address with a port.
    private static let addressBytesMax = 128
    /// No longer text is a host name with a port.
    private static let authorityBytesMax = 262

    // MARK: Fields

    private static let forwardedName = Array("forwarded".utf8)
    private static let addressesName = Array("x-forwarded-for".utf8)
    private static let schemesName = Array("x-forwarded-proto".utf8)
    private static let hostsName = Array("x-forwarded-host".utf8)

    /// Whether a field has a name, which is given in small letters.
    private static func matches(_ name: Span<UInt8>, _ word: [UInt8]) -> Bool {
        guard name.count == word.count else { return false }
        for index in word.indices where name[index] | 0x20 != word[index] { return false }
        return true
    }

    private static func append(_ value: Span<UInt8>, to list: inout [UInt8]?) {
        var joined = list ?? []
        if list != nil { joined.append(UInt8(ascii: ",")) }
        joined.append(value)
        list = joined
    }
}
