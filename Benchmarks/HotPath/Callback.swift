import Primitives

/// The callbacks that are measured: the same from run to run, each with a key of its own.
enum Callback {
    /// The key of a callback: 36 bytes, as a run's own would be.
    static func key(_ index: Int) -> String {
        var source = SplitMix(state: UInt64(index) &+ 1)
        return UUIDv7(
            time: WallTime(milliseconds: 1_700_000_000_000 + Int64(index)),
            random: (source.next(), source.next())
        ).text
    }

    /// The body of a callback, 194 bytes.
    static func body(_ index: Int) -> [UInt8] {
        let start = #"{"task_id":"\#(key(index))","status":"completed","output":{"url":"#
        let end = #","width":1024,"height":768,"bytes":2048000}}"#
        let room = 194 - start.utf8.count - end.utf8.count - 2
        let url = "https://cdn.example.com/images/finished/\(index).png"
        let padded = url.padded(to: room)
        return Array("\(start)\"\(padded)\"\(end)".utf8)
    }

    /// The whole request, as a client on a kept-alive connection sends it.
    static func request(_ index: Int) -> [UInt8] {
        let body = body(index)
        let head =
            "POST /webhooks/image/completed HTTP/1.1\r\nHost: hooks.example.com\r\n"
            + "User-Agent: image-ai/2.3\r\nAccept: */*\r\nContent-Type: application/json\r\n"
            + "Content-Length: \(body.count)\r\n\r\n"
        return Array(head.utf8) + body
    }

    /// A generator of numbers that are the same in every run.
    private struct SplitMix: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var word = state
            word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
            word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
            return word ^ word >> 31
        }
    }
}

extension String {
    /// The text, cut or filled with `x` to a length in bytes; ASCII only.
    fileprivate func padded(to count: Int) -> String {
        let cut = prefix(max(0, count))
        return cut + String(repeating: "x", count: max(0, count - cut.utf8.count))
    }
}
