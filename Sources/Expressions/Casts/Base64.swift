/// Base64 with padding, RFC 4648, section 4.
enum Base64 {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    )

    /// The Base64 of bytes.
    static func text(of bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count / 3 + 1) * 4)
        var group: UInt32 = 0
        var groupCount = 0
        for byte in bytes {
            group = group << 8 | UInt32(byte)
            groupCount += 1
            if groupCount == 3 {
                append(group, sextets: 4, to: &text)
                (group, groupCount) = (0, 0)
            }
        }
        if groupCount > 0 {
            append(group << UInt32(8 * (3 - groupCount)), sextets: groupCount + 1, to: &text)
            for _ in groupCount..<3 { text.append(UInt8(ascii: "=")) }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func append(_ group: UInt32, sextets: Int, to text: inout [UInt8]) {
        for place in 0..<sextets {
            text.append(alphabet[Int(group >> UInt32(18 - 6 * place) & 0x3F)])
        }
    }
}
