internal import Expressions

/// A string of the configuration, or one that was made from it in a run, as it is searched for URLs.
struct ScannedText {
    /// Stands for what only a run tells.
    static let unknown: Unicode.Scalar = "\u{F0000}"
    /// Stands before and behind the port of a gateway, in the place of its host.
    private static let gatewayStart: Unicode.Scalar = "\u{F0001}"
    private static let gatewayEnd: Unicode.Scalar = "\u{F0002}"
    /// How often a percent escape is taken off: once for a URL in a query, twice for one in a query of a query.
    private static let decodingsMax = 2

    /// The characters.
    let scalars: [Unicode.Scalar]
    /// For each character the piece of the ``URLText`` that it comes from.
    let pieces: [Int]

    /// The readings of a string: as it is written, with its percent escapes taken off, and with `\/` as `/`.
    static func readings(_ text: URLText, _ gateways: GatewayValues) -> [ScannedText] {
        let parts = text.pieces.map { part($0, gateways) }
        return readings(parts)
    }

    /// The readings of a string that a run made.
    static func readings(_ text: String) -> [ScannedText] { readings([plain(text)]) }

    private static func readings(_ parts: [String]) -> [ScannedText] {
        var readings = [ScannedText(parts)]
        var parts = parts
        if parts.contains(where: { $0.contains("\\/") }) {
            readings.append(ScannedText(parts.map { $0.replacing("\\/", with: "/") }))
        }
        for _ in 0..<decodingsMax where parts.contains(where: { $0.contains("%") }) {
            parts = parts.map(PercentText.decoded)
            readings.append(ScannedText(parts))
        }
        return readings
    }

    private init(_ parts: [String]) {
        var scalars: [Unicode.Scalar] = []
        var pieces: [Int] = []
        for (piece, part) in parts.enumerated() {
            scalars += part.unicodeScalars
            pieces += [Int](repeating: piece, count: part.unicodeScalars.count)
        }
        self.scalars = scalars
        self.pieces = pieces
    }

    private static func part(_ piece: URLText.Piece, _ gateways: GatewayValues) -> String {
        switch piece {
        case .literal(let literal): return plain(literal)
        case .gateway(let written, let field):
            guard let port = written ?? gateways.gateways.first?.port else { break }
            let address = "\(gatewayStart)\(port)\(gatewayEnd)"
            switch field {
            case "public_url": return "http://" + address
            case "public_address": return address
            case "port": return String(port)
            default: break
            }
        case .unknown: break
        }
        return String(unknown)
    }

    /// A text without the characters that have a meaning here.
    private static func plain(_ text: String) -> String {
        let isClean = !text.unicodeScalars.contains { (0xF0000...0xF0002).contains($0.value) }
        if isClean { return text }
        let scalars = text.unicodeScalars.map {
            (0xF0000...0xF0002).contains($0.value) ? "\u{FFFD}" : $0
        }
        return String(String.UnicodeScalarView(scalars))
    }

    /// The URLs in the text, in order.
    func urls() -> [OwnURL] {
        var found: [OwnURL] = []
        var place = 0
        while let start = scheme(from: place) {
            place = start.authority
            // Another URL may stand in the query of this one.
            if let url = url(start) { found.append(url) }
        }
        return found
    }

    /// Where a URL begins.
    private struct Start {
        let scheme: String
        let offset: Int
        let authority: Int
    }

    /// The next `http://` or `https://`.
    private func scheme(from place: Int) -> Start? {
        var offset = place
        while offset < scalars.count {
            for scheme in ["http", "https"] where isAt(offset, scheme + "://") {
                return Start(
                    scheme: scheme,
                    offset: offset,
                    authority: offset + scheme.utf8.count + 3
                )
            }
            offset += 1
        }
        return nil
    }

    private func isAt(_ offset: Int, _ word: String) -> Bool {
        let wanted = word.unicodeScalars
        guard offset + wanted.count <= scalars.count else { return false }
        return zip(scalars[offset...], wanted).allSatisfy { scalar, want in
            scalar == want || (97...122).contains(want.value) && scalar.value | 0x20 == want.value
        }
    }

    private func url(_ start: Start) -> OwnURL? {
        let authority = scalars[start.authority...].prefix { !isEnd($0) && $0 != "/" }
        let pathEnd = end(from: authority.endIndex) { isEnd($0) }
        var queryEnd = pathEnd
        if pathEnd < scalars.count, scalars[pathEnd] == "?" {
            queryEnd = end(from: pathEnd + 1) { isTextEnd($0) || $0 == "#" }
        }
        guard let origin = origin(start.scheme, authority) else { return nil }
        let query = scalars[min(pathEnd + 1, queryEnd)..<queryEnd]
        return OwnURL(
            origin: origin,
            path: Self.text(scalars[authority.endIndex..<pathEnd]),
            query: Self.text(query),
            range: start.offset..<max(queryEnd, start.authority)
        )
    }

    private func origin(
        _ scheme: String,
        _ authority: ArraySlice<Unicode.Scalar>
    ) -> OwnEndpoint.Origin? {
        if authority.first == Self.gatewayStart {
            guard authority.last == Self.gatewayEnd,
                let port = Int(Self.text(authority.dropFirst().dropLast()))
            else { return nil }
            return .gateway(port: port)
        }
        guard !authority.contains(Self.unknown), !authority.contains(Self.gatewayStart) else {
            return nil
        }
        let url = "\(scheme)://\(Self.text(authority))"
        return URLOrigin(url) == nil ? nil : .url(url)
    }

    private func end(from start: Int, _ isEnd: (Unicode.Scalar) -> Bool) -> Int {
        scalars[start...].firstIndex(where: isEnd) ?? scalars.count
    }

    /// Whether a character ends the path of a URL.
    private func isEnd(_ scalar: Unicode.Scalar) -> Bool {
        isTextEnd(scalar) || scalar == "?" || scalar == "#" || scalar == "&"
    }

    /// Whether a character is in no URL (RFC 3986, appendix C).
    private func isTextEnd(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value <= 0x20 || scalar.value == 0x7F || "\"<>\\^`|".unicodeScalars.contains(scalar)
    }

    private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        String(String.UnicodeScalarView(scalars))
    }
}

/// Percent escapes in texts that may hold something else.
package enum PercentText {
    /// The text with its escapes taken off, where there are any; nil otherwise.
    package static func plain(_ text: String) -> String? {
        let decoded = decoded(text)
        return decoded == text ? nil : decoded
    }

    /// The text with its escapes taken off; a `%` that begins none stays.
    static func decoded(_ text: String) -> String {
        guard text.contains("%") else { return text }
        var bytes: [UInt8] = []
        var left = text.utf8[...]
        while let byte = left.popFirst() {
            if byte == UInt8(ascii: "%"), left.count >= 2,
                left.prefix(2).allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
                let value = UInt8(String(decoding: left.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                left = left.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
