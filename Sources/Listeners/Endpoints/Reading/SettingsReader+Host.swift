package import Documents

extension SettingsReader {
    /// Reads the address to listen on: an IPv4 or IPv6 address, or a name that the machine knows.
    package mutating func host(_ key: SettingKey<String>) -> String {
        guard let (host, node) = stringAndNode(key.name) else { return key.fallback }
        guard !HostName.isHost(host) else { return host }
        mismatch(
            node,
            key: key.name,
            expected: "an address such as `0.0.0.0`, `127.0.0.1` or `::1`, or a host name",
            suggestion: HostName.host(in: host)
        )
        return key.fallback
    }
}

/// What can be the name or the address of a host.
enum HostName {
    /// Whether a text is an IPv4 or IPv6 address, or has the form of a host name (RFC 1123, 2.1).
    ///
    /// A name whose last part is a number would be an IPv4 address and is none (WHATWG URL, 3.5).
    static func isHost(_ text: String) -> Bool {
        if text.contains(":") { return isIPv6(text) }
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        guard text.utf8.count <= 253, labels.allSatisfy(isLabel) else { return false }
        guard let last = labels.last, last.utf8.allSatisfy(isDigit) else { return true }
        return labels.count == 4 && labels.allSatisfy { UInt8($0) != nil }
    }

    /// The host of a URL, or of `host:port`, that somebody wrote in its place; nil where there is none.
    static func host(in text: String) -> String? {
        var rest = Substring(text)
        for scheme in ["http://", "https://"] where rest.lowercased().hasPrefix(scheme) {
            rest = rest.dropFirst(scheme.count)
        }
        rest = rest.prefix { $0 != "/" }
        if rest.hasPrefix("["), let end = rest.firstIndex(of: "]") {
            rest = rest[rest.index(after: rest.startIndex)..<end]
        } else if let colon = rest.firstIndex(of: ":"), rest.lastIndex(of: ":") == colon {
            rest = rest[..<colon]
        }
        return rest != text && !rest.isEmpty && isHost(String(rest)) ? String(rest) : nil
    }

    private static func isLabel(_ label: Substring) -> Bool {
        !label.isEmpty && label.utf8.count <= 63 && label.first != "-" && label.last != "-"
            && label.utf8.allSatisfy { byte in
                isDigit(byte) || (97...122).contains(byte | 0x20) || byte == UInt8(ascii: "-")
                    || byte == UInt8(ascii: "_")
            }
    }

    private static func isIPv6(_ text: String) -> Bool {
        let address = text.prefix { $0 != "%" }
        let halves = address.split(separator: "::", omittingEmptySubsequences: false)
        guard address.contains(":"), halves.count <= 2, !address.hasSuffix(":::") else {
            return false
        }
        let groups = halves.flatMap { half in
            half.isEmpty ? [] : half.split(separator: ":", omittingEmptySubsequences: false)
        }
        let isTail4 = groups.last.map { $0.contains(".") } ?? false
        let hex = isTail4 ? Array(groups.dropLast()) : groups
        guard hex.allSatisfy({ (1...4).contains($0.utf8.count) && UInt16($0, radix: 16) != nil })
        else { return false }
        if isTail4, let tail = groups.last, !isHost(String(tail)) { return false }
        let count = hex.count + (isTail4 ? 2 : 0)
        return halves.count == 2 ? count < 8 : count == 8
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
}
