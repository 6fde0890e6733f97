/// What may stand in a request's head, and how libcurl wants it.
enum HeaderRules {
    /// Whether two field names are the same (RFC 9110, 5.1: without case).
    static func isSame(_ left: String, _ right: String) -> Bool {
        left.utf8.count == right.utf8.count && hasPrefix(left, right)
    }

    /// Whether a name begins with `prefix`, without case.
    static func hasPrefix(_ name: String, _ prefix: String) -> Bool {
        name.utf8.count >= prefix.utf8.count
            && zip(name.utf8, prefix.utf8).allSatisfy { lower($0) == lower($1) }
    }

    /// Whether a field is among the given ones.
    static func contains(_ headers: [(name: String, value: String)], _ name: String) -> Bool {
        headers.contains { isSame($0.name, name) }
    }

    /// Whether a field proves to a server who asks, and is no other server's business.
    static func isCredential(_ name: String) -> Bool {
        ["authorization", "cookie", "proxy-authorization"].contains { isSame(name, $0) }
    }

    /// Refuses a method or field that would break the message.
    ///
    /// - Throws: ``OutboundError/invalidRequest(_:)``, which names the field but never tells a value.
    static func check(_ request: OutboundRequest) throws(OutboundError) {
        guard isToken(request.method), request.method.utf8.count <= 32, request.method != "CONNECT"
        else { throw .invalidRequest("the method cannot be sent") }
        for header in request.headers {
            guard isToken(header.name) else {
                throw .invalidRequest("a header's name is not a token (RFC 9110, 5.6.2)")
            }
            guard header.value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 }) else {
                throw .invalidRequest("the header \(header.name) contains a control character")
            }
        }
    }

    /// The lines as libcurl wants them: `Name;` for an empty value, `Name:` for a field of its own to leave out.
    static func lines(_ headers: [(name: String, value: String)]) -> [String] {
        var lines: [String] = []
        for header in headers where !isFraming(header.name) {
            let isEmpty = header.value.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 }
            lines.append(isEmpty ? "\(header.name);" : "\(header.name): \(header.value)")
        }
        for own in ["Expect", "Content-Type"] where !contains(headers, own) {
            lines.append("\(own):")
        }
        return lines
    }

    private static func isFraming(_ name: String) -> Bool {
        isSame(name, "content-length") || isSame(name, "transfer-encoding")
    }

    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy(isTokenByte)
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }

    private static func lower(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }
}
