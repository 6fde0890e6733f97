internal import HTTPWire
package import Primitives

extension Problem {
    /// The problem as a JSON object (RFC 9457, 3).
    package func json(requestID: UUIDv7) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(256)
        out += #"{"type":"about:blank","title":"#.utf8
        JSONText.append(title, to: &out)
        out += #","status":\#(status)"#.utf8
        if !detail.isEmpty {
            out += #","detail":"#.utf8
            JSONText.append(detail, to: &out)
        }
        out += #","code":"\#(code.rawValue)","request_id":""#.utf8
        out.append(uuid: requestID)
        out.append(UInt8(ascii: "\""))
        if let retryAfterSeconds { out += #","retry_after":\#(retryAfterSeconds)"#.utf8 }
        for member in members {
            out.append(UInt8(ascii: ","))
            JSONText.append(member.name, to: &out)
            out.append(UInt8(ascii: ":"))
            out += member.json.utf8
        }
        out.append(UInt8(ascii: "}"))
        return out
    }
}

/// Writes text as a JSON string.
enum JSONText {
    /// Appends the text in quotes, escaped as RFC 8259, 7 demands.
    static func append(_ text: String, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                out.append(UInt8(ascii: "\\"))
                out.append(byte)
            case 0..<32:
                out += "\\u00".utf8
                out.append((byte >> 4) + 48)
                let low = byte & 15
                out.append(low < 10 ? low + 48 : low + 87)
            default:
                out.append(byte)
            }
        }
        out.append(UInt8(ascii: "\""))
    }
}
