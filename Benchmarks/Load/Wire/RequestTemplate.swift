import JSONWire

/// The bytes of a request with places for keys, made once and filled in for each request.
struct RequestTemplate: Sendable {
    /// The request; the places hold the last keys.
    private(set) var bytes: [UInt8]
    /// Where each key stands: all places of the first callback, then all of the second.
    private let places: [[Int]]
    private let tag: [UInt8]

    /// What stands for a key until it is filled in; a letter that no other part has.
    private static let mark: UInt8 = 1
    private static let keyLength = LoadPlan.tagLength + 13

    /// How many keys one request carries.
    var keyCount: Int { places.count }

    /// A request with a body of callbacks.
    ///
    /// - Parameters:
    ///   - plan: How many callbacks, of what size, to whom.
    ///   - closes: Whether the server is asked to close the connection after the answer.
    init(callbacks plan: LoadPlan, closes: Bool) {
        let one = Self.callback(size: plan.bodySize)
        var body = one
        if plan.scenario == .bulk {
            body = Array(#"{"results":["#.utf8)
            for index in 0..<plan.items { body += (index > 0 ? [UInt8(ascii: ",")] : []) + one }
            body += Array("]}".utf8)
        }
        self.init(
            body: body,
            keysEach: 2,
            to: plan.target,
            plan.headers,
            closes: closes,
            tag: plan.tag
        )
    }

    /// A request that starts one run, with its key as input.
    init(trigger plan: LoadPlan) {
        let body = Array(#"{"key":""#.utf8) + Self.key + Array(#""}"#.utf8)
        self.init(
            body: body,
            keysEach: 1,
            to: plan.target,
            plan.headers,
            closes: false,
            tag: plan.tag
        )
    }

    /// A request for one run's state.
    init(task controller: Target, token: String?) {
        let path = Array("GET \(controller.path == "/" ? "" : controller.path)/tasks/".utf8)
        var rest = " HTTP/1.1\r\nHost: \(controller.authority)\r\n"
        if let token { rest += "Authorization: Bearer \(token)\r\n" }
        bytes = path + Self.key + Array((rest + "\r\n").utf8)
        places = [[path.count]]
        tag = []
    }

    /// Writes the digits of a key's number into its places.
    mutating func fill(_ index: Int, number: Int) {
        for place in places[index] {
            var rest = number
            var position = place + Self.keyLength - 1
            for _ in 0..<12 {
                bytes[position] = UInt8(truncatingIfNeeded: 48 + rest % 10)
                rest /= 10
                position -= 1
            }
        }
    }

    /// Writes a whole key into its places.
    mutating func fill(_ index: Int, text: ArraySlice<UInt8>) {
        for place in places[index] {
            for (offset, byte) in text.enumerated() { bytes[place + offset] = byte }
        }
    }

    /// The key with a number, as ``fill(_:number:)`` writes it.
    static func key(tag: String, number: Int) -> String {
        let digits = String(number)
        return "\(tag)-" + String(repeating: "0", count: max(0, 12 - digits.count)) + digits
    }

    private init(
        body: [UInt8],
        keysEach: Int,
        to target: Target,
        _ headers: [String],
        closes: Bool,
        tag: String
    ) {
        let fields =
            ["Host: \(target.authority)", "User-Agent: sluice-load", "Accept: */*"]
            + (closes ? ["Connection: close"] : []) + headers
            + ["Content-Type: application/json", "Content-Length: \(body.count)"]
        let text = "POST \(target.path) HTTP/1.1\r\n\(fields.joined(separator: "\r\n"))\r\n\r\n"
        let head = Self.marked(Array(text.utf8))
        bytes = head + body
        var starts: [Int] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == Self.mark {
                starts.append(index)
                index += Self.keyLength
            } else {
                index += 1
            }
        }
        let inHead = starts.count { $0 < head.count }
        var places = stride(from: inHead, to: starts.count, by: keysEach).map {
            Array(starts[$0..<$0 + keysEach])
        }
        if !places.isEmpty { places[0] += starts[..<inHead] }
        self.places = places
        self.tag = Array("\(tag)-".utf8)
        for place in starts {
            for (offset, byte) in self.tag.enumerated() { bytes[place + offset] = byte }
        }
    }

    private static let key = [UInt8](repeating: mark, count: keyLength)

    /// A head with a place for the first key wherever one is asked for.
    private static func marked(_ head: [UInt8]) -> [UInt8] {
        let word = Array("{key}".utf8)
        var marked: [UInt8] = []
        var rest = head[...]
        while let byte = rest.first {
            let isWord = rest.starts(with: word)
            marked += isWord ? key : [byte]
            rest = rest.dropFirst(isWord ? word.count : 1)
        }
        return marked
    }

    /// One callback of a size: key, status, and a result with the key again.
    private static func callback(size: Int) -> [UInt8] {
        let isShort = size < LoadPlan.bodySizeDefault
        let result = isShort ? #"""# : #"{"url":"https://cdn.example/"#
        let end = isShort ? #"""# : #".jpeg","width":1024,"height":768,"bytes":2048000}"#
        let head = Array(#"{"task_id":""#.utf8) + key
        let middle = Array(#"","status":"completed","output":\#(result)"#.utf8)
        let whole = head + middle + key + Array(end.utf8)
        let room = size - whole.count - 1
        if room < 13 { return whole + Array("}".utf8) }
        let padding = [UInt8](repeating: UInt8(ascii: "x"), count: room - 13)
        return whole + Array(#","padding":""#.utf8) + padding + Array(#""}"#.utf8)
    }
}
