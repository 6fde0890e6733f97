/// An address of the Internet: version 4 (RFC 791) or 6 (RFC 4291).
package struct IPAddress: Sendable, Hashable {
    /// The address's bytes, 4 or 16; one of version 4 that is mapped into version 6 has 4.
    package let bytes: [UInt8]

    /// Makes an address from 4 or 16 bytes; nil for any other number.
    package init?(bytes: [UInt8]) {
        switch bytes.count {
        case 4: self.bytes = bytes
        case 16:
            let isMapped = bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 0xff
            self.bytes = isMapped && bytes[11] == 0xff ? Array(bytes.suffix(4)) : bytes
        default: return nil
        }
    }

    /// Reads an address as people write it: `192.0.2.7`, `2001:db8::1`, `::ffff:192.0.2.7`, also in brackets or with a zone.
    package init?(_ text: String) {
        var text = text[...]
        if text.hasPrefix("["), text.hasSuffix("]") { text = text.dropFirst().dropLast() }
        text = text.prefix { $0 != "%" }
        guard let bytes = text.contains(":") ? Self.version6(text) : Self.version4(text) else {
            return nil
        }
        self.init(bytes: bytes)
    }

    /// The address as RFC 5952 writes it: `192.0.2.7`, `2001:db8::1`.
    package var text: String {
        if bytes.count == 4 { return bytes.map { String($0) }.joined(separator: ".") }
        let groups = stride(from: 0, to: bytes.count - 1, by: 2).map {
            UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1])
        }
        let gap = Self.longestZeros(groups)
        func hex(_ part: ArraySlice<UInt16>) -> String {
            part.map { String($0, radix: 16) }.joined(separator: ":")
        }
        guard gap.count > 1 else { return hex(groups[...]) }
        return hex(groups[..<gap.lowerBound]) + "::" + hex(groups[gap.upperBound...])
    }

    /// The first of the longest rows of groups that are zero; empty where none is.
    private static func longestZeros(_ groups: [UInt16]) -> Range<Int> {
        var longest = 0..<0
        var start = 0
        for index in groups.indices {
            if groups[index] != 0 { start = index + 1 }
            if index + 1 - start > longest.count { longest = start..<index + 1 }
        }
        return longest
    }

    private static func version4(_ text: Substring) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            // A leading zero would be octal to some, and decimal to others.
            guard !part.isEmpty, part.utf8.allSatisfy({ (48...57).contains($0) }),
                part == "0" || !part.hasPrefix("0"), let byte = UInt8(part)
            else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    private static func version6(_ text: Substring) -> [UInt8]? {
        if let gap = text.firstRange(of: "::") {
            guard let left = groups(text[..<gap.lowerBound]),
                let right = groups(text[gap.upperBound...]), left.count + right.count <= 14
            else { return nil }
            return left + [UInt8](repeating: 0, count: 16 - left.count - right.count) + right
        }
        guard let all = groups(text), all.count == 16 else { return nil }
        return all
    }

    private static func groups(_ text: Substring) -> [UInt8]? {
        if text.isEmpty { return [] }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 8 else { return nil }
        var bytes: [UInt8] = []
        for (index, part) in parts.enumerated() {
            if index == parts.count - 1, part.contains(".") {
                guard let last = version4(part) else { return nil }
                bytes += last
                continue
            }
            guard (1...4).contains(part.utf8.count),
                part.allSatisfy({ $0.isHexDigit && $0.isASCII }),
                let group = UInt16(part, radix: 16)
            else { return nil }
            bytes.append(UInt8(truncatingIfNeeded: group >> 8))
            bytes.append(UInt8(truncatingIfNeeded: group))
        }
        return bytes
    }
}

/// A block of addresses: `192.0.2.0/24`, `2001:db8::/32`, or one address.
package struct IPBlock: Sendable, Hashable {
    private let address: [UInt8]
    private let bits: Int

    /// Whether every address of its version is in it: `0.0.0.0/0`, `::/0`.
    package var isEverything: Bool { bits == 0 }

    /// Reads a block as people write it (RFC 4632); nil where it is none.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = IPAddress(String(parts[0])) else { return nil }
        var bits = address.bytes.count * 8
        if parts.count == 2 {
            guard let given = Int(parts[1]), parts[1].utf8.allSatisfy({ (48...57).contains($0) })
            else { return nil }
            // A block of mapped addresses counts its bits from the front of version 6.
            let isMapped = parts[0].contains(":") && address.bytes.count == 4
            let wanted = isMapped ? given - 96 : given
            guard wanted >= 0, wanted <= bits else { return nil }
            bits = wanted
        }
        self.address = address.bytes
        self.bits = bits
    }

    /// Whether an address is in the block; one of another version is not.
    package func contains(_ other: IPAddress) -> Bool {
        guard other.bytes.count == address.count else { return false }
        for index in address.indices {
            let left = max(0, min(8, bits - index * 8))
            let mask = UInt8(truncatingIfNeeded: 0xff << (8 - left))
            if other.bytes[index] & mask != address[index] & mask { return false }
        }
        return true
    }
}
