import HTTPWire
import Testing

/// Heads that are read without llhttp say what it would have said, and what it would refuse is refused.
@Suite struct PlainHeadTests {
    static let heads = [
        "POST /webhooks/image/completed HTTP/1.1\r\nHost: hooks.example.com\r\nAccept: */*\r\n"
            + "Content-Type: application/json\r\nContent-Length: 12\r\n\r\n{\"task\":\"1\"}",
        "GET /a?b=c&d HTTP/1.1\r\nhost: 127.0.0.1:65530\r\nConnection: keep-alive\r\nX-A: b c\r\n\r\n",
        "PUT / HTTP/1.1\r\nHOST: h_1-x\r\ncontent-length: 0\r\nUpgrade-Insecure: 1\r\n\r\n",
        "DELETE /x HTTP/1.1\r\nHost: h:1\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n1",
        "PATCH /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
        "HEAD /x HTTP/1.1\r\nHost: h\r\nProxy-Connection: close\r\nConnection: close\r\n\r\n",
        "GET /x HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nContent-Type: a/b\r\nContent-Type: c/d\r\n\r\n",
    ]

    @Test(arguments: heads)
    func `a head with any one byte changed is judged the same`(_ text: String) {
        var bytes = Array(text.utf8)
        for place in bytes.indices {
            let kept = bytes[place]
            for step in 0..<37 {
                bytes[place] = UInt8(truncatingIfNeeded: place &* 11 &+ step &* 7)
                compare(bytes)
            }
            bytes[place] = kept
        }
        compare(bytes)
    }

    @Test(arguments: heads)
    func `every character is judged the same in target, name and value`(_ text: String) {
        let bytes = Array(text.utf8)
        // The first place of each part of the head, and one behind it.
        var places = [5, 6]
        for (index, byte) in bytes.enumerated() where byte == 10 || byte == 58 {
            places += [index + 1, index + 2, index + 3]
        }
        for place in places where place < bytes.count {
            for byte in 0...255 as ClosedRange<UInt8> {
                var changed = bytes
                changed[place] = byte
                compare(changed)
                changed = bytes
                changed.insert(byte, at: place)
                compare(changed)
            }
        }
    }

    @Test(arguments: 0..<4)
    func `damaged heads are judged the same`(_ seed: UInt64) {
        var random = SplitMix(state: seed)
        let special = Array("\r\n\t :;,%/?#*\0\u{7F}0Aa-".utf8)
        for _ in 0..<6_000 {
            var bytes = Array(Self.heads[random.below(Self.heads.count)].utf8)
            for _ in 0...random.below(3) {
                let at = random.below(bytes.count)
                switch random.below(5) {
                case 0: bytes.remove(at: at)
                case 1: bytes.insert(special[random.below(special.count)], at: at)
                case 2: bytes[at] = special[random.below(special.count)]
                case 3: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + 30)], at: at)
                default: bytes.removeLast(min(bytes.count - 1, random.below(20)))
                }
            }
            compare(bytes)
        }
    }

    @Test(arguments: ["", "0", "80", "65535", "65536", "99999", "00080", "100000", "8a", "80:1"])
    func `every port is judged the same`(_ port: String) {
        for host in ["h", "127.0.0.1", "a.b-c_d", "", "[::1]", "a:1"] {
            compare(Array("GET / HTTP/1.1\r\nHost: \(host):\(port)\r\n\r\n".utf8))
        }
    }

    @Test(arguments: 1...160)
    func `every bound is met at the same byte`(_ bound: Int) {
        for text in Self.heads {
            let bytes = Array(text.utf8)
            compare(bytes, WireLimits(requestLineBytesMax: bound))
            compare(bytes, WireLimits(headerBytesMax: bound))
            compare(bytes, WireLimits(fieldsMax: max(1, bound / 20)))
        }
    }

    @Test func `more fields than usual are read the same`() {
        for count in [15, 16, 17, 31, 32, 33, 99, 100, 101] {
            let fields = (0..<count).map { "X-Field-\($0): value \($0)\r\n" }.joined()
            let text = "GET / HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n"
            compare(Array((text + text).utf8))
        }
    }

    private func compare(_ bytes: [UInt8], _ limits: WireLimits = WireLimits()) {
        let quick = ParserRun([bytes], limits: limits)
        let slow = ParserRun([bytes], limits: limits, takesPlainHeads: false)
        if quick != slow { Issue.record("\(String(decoding: bytes, as: UTF8.self))") }
    }
}
