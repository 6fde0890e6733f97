import Primitives

/// The callbacks that are measured: the same from run to run, each with a key of its own.
enum SampleCallback {
    /// The size of the body that most rows are about.
    static let usualBytes = 194

    /// The key of a callback: 36 bytes, as a run's own would be.
    static func key(_ index: Int) -> String {
        var source = SplitMix(state: UInt64(index) &+ 1)
        return UUIDv7(
            time: WallTime(milliseconds: 1_700_000_000_000 + Int64(index)),
            random: (source.next(), source.next())
        ).text
    }

    /// The body of a callback, with exactly so many bytes (194 or more).
    static func body(_ index: Int, bytes: Int = usualBytes) -> [UInt8] {
        let start = #"{"task_id":"\#(key(index))","status":"completed","output":{"url":""#
        var end = #"","width":1024,"height":768,"bytes":2048000"#
        var part = 0
        while start.utf8.count + end.utf8.count + 2 + 192 < bytes {
            end += part == 0 ? #","parts":["# : ","
            end +=
                #"{"id":\#(part),"label":"part \#(part) of the picture","score":0.8\#(part % 10),"#
                + #""box":[\#(part % 640),12,64,48],"kept":true,"note":null}"#
            part += 1
        }
        end += part == 0 ? "}}" : "]}}"
        let room = bytes - start.utf8.count - end.utf8.count
        let url = "https://cdn.example.com/images/finished/\(index).png"
        return Array((start + url.padded(to: room) + end).utf8)
    }

    /// The whole request, as a client on a kept-alive connection sends it.
    static func request(_ index: Int, bytes: Int = usualBytes) -> [UInt8] {
        let body = body(index, bytes: bytes)
        let head =
            "POST /webhooks/image/completed HTTP/1.1\r\nHost: hooks.example.com\r\n"
            + "User-Agent: image-ai/2.3\r\nAccept: */*\r\nContent-Type: application/json\r\n"
            + "Content-Length: \(body.count)\r\n\r\n"
        return Array(head.utf8) + body
    }

    /// A bulk body: a list of callbacks of 150 bytes each.
    static func bulk(_ count: Int) -> [UInt8] {
        var text = #"{"items":["#
        for index in 0..<count {
            if index > 0 { text += "," }
            let item = #"{"task_id":"\#(key(index))","status":"completed","output":{"url":""#
            text += item + "https://cdn.example.com/\(index).png".padded(to: 42) + #""}}"#
        }
        return Array((text + "]}").utf8)
    }

    /// A generator of numbers that are the same in every run.
    struct SplitMix: RandomNumberGenerator {
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
