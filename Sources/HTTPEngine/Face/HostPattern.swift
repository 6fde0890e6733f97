internal import HTTPWire

/// A host that a site answers to: a name, or `*.` and a name for every name below it.
package struct HostPattern: Sendable, Hashable {
    /// The name as it is compared; for a wildcard with the dot in front: `.example.com`.
    let name: String
    /// Whether it stands for every name that ends with it, however many labels come before.
    let isWildcard: Bool

    /// Reads `hooks.example.com`, `*.example.com`, `127.0.0.1` or `[::1]`, without a port; nil for anything else.
    package init?(_ text: String) {
        let bare = text.hasPrefix("*.") ? String(text.dropFirst(2)) : text
        isWildcard = bare.utf8.count < text.utf8.count
        let bytes = Array(bare.utf8)
        guard Self.isHost(bytes), !(isWildcard && bytes.first == UInt8(ascii: "[")) else {
            return nil
        }
        let normalized = AuthorityHost.normalized(bytes.span)
        guard !normalized.isEmpty else { return nil }
        name = isWildcard ? "." + normalized : normalized
    }

    /// Whether a host, as ``AuthorityHost`` has it, is meant.
    func matches(_ host: String) -> Bool {
        guard isWildcard else { return host == name }
        return host.utf8.count > name.utf8.count && host.hasSuffix(name)
    }

    /// Whether bytes are a name of letters, digits, `-`, `_` and dots, or an address in brackets.
    private static func isHost(_ bytes: [UInt8]) -> Bool {
        guard let first = bytes.first, first != UInt8(ascii: ".") else { return false }
        let isLiteral = first == UInt8(ascii: "[")
        guard isLiteral == (bytes.last == UInt8(ascii: "]")) else { return false }
        let inner = isLiteral ? bytes.dropFirst().dropLast() : bytes[...]
        return !inner.isEmpty
            && inner.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."):
                    true
                case UInt8(ascii: "-"), UInt8(ascii: "_"): !isLiteral
                case UInt8(ascii: ":"): isLiteral
                default: false
                }
            }
    }
}
