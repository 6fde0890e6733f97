import Primitives

/// What is to be done, as the command line says it.
struct LoadPlan: Sendable {
    /// What the requests are.
    enum Scenario: String, Sendable, CaseIterable {
        case callback, bulk, trigger, churn, prepare
    }

    let scenario: Scenario
    let target: Target
    let start: Target?
    let controller: Target?
    let token: String?
    let countMax: Int
    let duration: Nanoseconds?
    let connections: Int
    let pipeline: Int
    let threads: Int
    let rate: Int?
    let items: Int
    let bodySize: Int
    let headers: [String]
    let tag: String
    let first: Int
    let timeout: Nanoseconds
    let isStepped: Bool
    let isJSON: Bool
    let isShown: Bool

    /// How many letters of a key are the same in all of them.
    static let tagLength = 23
    /// The least size of a callback's body: key, status, and the key again as its result.
    static let bodySizeMin = 119
    /// The size of a callback's body where none is asked for.
    static let bodySizeDefault = 194

    /// How many callbacks the requests carry in all, at most.
    var callbacksMax: Int { scenario == .bulk ? countMax * items : countMax }

    /// Reads the command line.
    ///
    /// - Throws: ``Mistake`` for what cannot be done.
    init(_ words: OptionWords) throws(Mistake) {
        guard let name = words.operands.first, words.operands.count == 1,
            let scenario = Scenario(rawValue: name)
        else {
            let all = Scenario.allCases.map(\.rawValue).joined(separator: ", ")
            throw Mistake("one scenario is wanted, of \(all); see sluice-load --help")
        }
        self.scenario = scenario
        start = try Self.target(words, "--start")
        controller = try Self.target(words, "--controller")
        guard let target = try Self.target(words, "--url") ?? (scenario == .prepare ? start : nil)
        else { throw Mistake(scenario == .prepare ? "--start is missing" : "--url is missing") }
        self.target = target
        token = words.text("--token")
        countMax = try words.count("--count", 1...1_000_000_000) ?? 1_000_000_000
        let isBounded = words.has("--count")
        duration = try words.duration("--duration") ?? (isBounded ? nil : .seconds(10))
        connections = try words.count("--connections", 1...60_000) ?? 64
        pipeline = try words.count("--pipeline", 1...1024) ?? 1
        threads = min(try words.count("--threads", 1...64) ?? 1, connections)
        rate = try words.count("--rate", 1...10_000_000)
        items = try words.count("--items", 1...100_000) ?? 100
        bodySize =
            try words.count("--body-size", Self.bodySizeMin...64 << 20) ?? Self.bodySizeDefault
        headers = words.all("--header")
        tag = words.text("--tag") ?? String(UUIDv7.fresh().text.prefix(Self.tagLength))
        first = try words.count("--first", 0...999_999_999) ?? 0
        timeout = try words.duration("--timeout") ?? .seconds(10)
        isStepped = words.has("--steps")
        isJSON = words.has("--json")
        isShown = words.has("--show")
        try check(isBounded: isBounded, mayLeave: words.has("--anywhere"))
    }

    private func check(isBounded: Bool, mayLeave: Bool) throws(Mistake) {
        if tag.utf8.count != Self.tagLength || !tag.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) {
            throw Mistake("--tag must be \(Self.tagLength) letters")
        }
        if headers.contains(where: { !$0.contains(":") || $0.contains("\r") || $0.contains("\n") })
        {
            throw Mistake("--header must be `Name: value`")
        }
        if start != nil, !isBounded || duration != nil {
            throw Mistake(
                "--start needs --count and no --duration: each run that is started gets its callback"
            )
        }
        if scenario == .churn, pipeline > 1 {
            throw Mistake("churn has one request a connection: it cannot be pipelined")
        }
        for place in [target, start, controller].compactMap({ $0 })
        where !mayLeave && !place.isLoopback {
            throw Mistake(
                "\(place.host) is not this machine; say --anywhere if its owner agrees to the load"
            )
        }
    }

    private static func target(_ words: OptionWords, _ name: String) throws(Mistake) -> Target? {
        guard let text = words.text(name) else { return nil }
        return try Target(text, of: name)
    }
}
