import JSONWire

/// What the body of a successful answer says.
struct AnswerReading {
    private(set) var delivered = 0
    private(set) var held = 0
    private(set) var duplicates = 0
    private(set) var run: ArraySlice<UInt8>?
    private(set) var trouble: String?

    private static let deliveredStart = Array(#"{"status":"delivered""#.utf8)
    private static let heldStart = Array(#"{"status":"held""#.utf8)
    private static let duplicateMark = Array(#""duplicate":true"#.utf8)
    private static let runStart = Array(#"{"status":"triggered","task_id":""#.utf8)

    /// Reads a body as the assignment wants it read.
    ///
    /// - Parameters:
    ///   - body: The answer's body.
    ///   - reading: What it is looked at for.
    ///   - number: The request's number.
    /// - Returns: What it says.
    static func read(
        _ body: [UInt8],
        as reading: Assignment.Reading,
        number: Int
    ) -> AnswerReading {
        var found = AnswerReading()
        switch reading {
        case .status: break
        case .callback: found.callback(body)
        case .bulk: found.bulk(body)
        case .trigger: found.trigger(body)
        case .task(_, let keys, let tag):
            found.task(body, key: keys.map { RequestTemplate.key(tag: tag, number: $0[number]) })
        }
        return found
    }

    /// Another server's answer than ours is neither; that is no trouble.
    private mutating func callback(_ body: [UInt8]) {
        if body.starts(with: Self.deliveredStart) {
            delivered = 1
        } else if body.starts(with: Self.heldStart) {
            held = 1
        } else {
            return
        }
        if body.contains(Self.duplicateMark) { duplicates = 1 }
    }

    private mutating func bulk(_ body: [UInt8]) {
        guard let answer = Self.parsed(body) else { return }
        delivered = Self.count(answer["delivered"])
        held = Self.count(answer["held"])
        duplicates = Self.count(answer["duplicates"])
        if case .array(let rejected)? = answer["rejected"], !rejected.isEmpty {
            trouble = "\(rejected.count) callbacks of a body were rejected"
        }
    }

    private mutating func trigger(_ body: [UInt8]) {
        let start = Self.runStart.count
        guard body.starts(with: Self.runStart), body.count >= start + 36 else {
            trouble = "an answer names no run"
            return
        }
        run = body[start..<start + 36]
    }

    private mutating func task(_ body: [UInt8], key: String?) {
        guard let state = Self.parsed(body), let status = state["status"]?.string else {
            trouble = "a run's state is no JSON"
            return
        }
        if status != "completed" {
            trouble = "a run is \(status)"
        } else if let key, !(state["output"]?.jsonText.contains(key) ?? false) {
            trouble = "a run completed without the result of its callback \(key)"
        }
    }

    private static func parsed(_ body: [UInt8]) -> JSONValue? {
        do throws(JSONError) {
            return try JSONValue.parse(body)
        } catch {
            // Another server's answer.
            return nil
        }
    }

    private static func count(_ value: JSONValue?) -> Int {
        if case .integer(let count)? = value { Int(count) } else { 0 }
    }
}

extension [UInt8] {
    /// Whether a text occurs in these bytes.
    fileprivate func contains(_ text: [UInt8]) -> Bool {
        guard count >= text.count else { return false }
        for start in 0...(count - text.count) where self[start] == text[0] {
            if self[start...].starts(with: text) { return true }
        }
        return false
    }
}
