import Documents
import TestKit
import Testing

@testable import Configuration

/// What a key's declaration says of it is what its reader does.
@Suite struct KeyAgreementTests {
    /// A place of the configuration where the keys of a map stand, beside those without which it is not whole.
    struct Place: Sendable {
        let before: String
        let base: [String: String]
        let after: String

        init(_ before: String, _ after: String) { self.init(before, [:], after) }

        init(_ before: String, _ base: [String: String], _ after: String) {
            self.before = before
            self.base = base
            self.after = after
        }

        /// A configuration with these keys there.
        func text(_ keys: [String: String]) -> String {
            // The keys come last: what stands before them keeps its place.
            let rest = base.filter { keys[$0.key] == nil }
            let all = rest.sorted { $0.key < $1.key } + keys.sorted { $0.key < $1.key }
            let pairs = all.map { "\($0.key): \($0.value)" }
            return before + "{ " + pairs.joined(separator: ", ") + " }" + after
                + "\nworkflow: { id: w, jobs: [ { id: j, type: wait, wait_for: k } ] }\n"
        }
    }

    /// A key at a place.
    struct Row: Sendable, CustomTestStringConvertible {
        let map: String
        let key: SettingDetails
        let place: Place
        var testDescription: String { "\(map).\(key.name)" }
    }

    private static let callback = ["path": "/a", "identify_by": #""${body.id}""#]
    private static let trigger = ["path": "/a", "workflow": "w"]
    private static let token = "abcdefghijklmnopqrstuvwxyz"

    private static let rows: [Row] = [
        rows("server", Place("server: ", "")), rows("store", Place("store: ", "")),
        rows("executor", Place("executor: ", "")), rows("client", Place("client: ", "")),
        rows("programs", Place("programs: ", "")), rows("log", Place("log: ", "")),
        rows("controller", Place("controller: ", "")),
        rows("adapter", Place("controller: { adapter: ", " }")),
        rows("token", Place("controller: { tokens: [ ", ["token": token], " ] }")),
        rows("secret", Place("secrets: { a: ", " }")),
        rows(
            GatewayKeys.Kind.domain.map,
            Place("gateway: ", ["type": "public", "url": "https://a.example"], "")
        ),
        rows(
            GatewayKeys.common,
            Place("gateway: ", ["type": "public", "url": "https://a.example"], "")
        ),
        rows(
            ListenerKeys.Kind.callback.map,
            Place(
                "listener: ",
                callback.merging(["type": "http-callback"]) { $1 },
                ""
            ),
            without: ["callbacks", "type"]
        ),
        rows(
            ListenerKeys.Kind.trigger.map,
            Place("listener: ", trigger.merging(["type": "http-trigger"]) { $1 }, ""),
            without: ["triggers", "type"]
        ),
        rows(
            "callback",
            Place("listener: { type: http-callback, callbacks: [ ", callback, " ] }")
        ),
        rows(
            "trigger",
            Place("listener: { type: http-trigger, triggers: [ ", trigger, " ] }")
        ),
        rows(
            "respond",
            Place("listener: { path: /a, identify_by: \"${body.id}\", respond: ", " }")
        ),
    ].flatMap(\.self)

    private static func rows(_ name: String, _ place: Place) -> [Row] {
        let map = ConfigurationSchema.maps.first { $0.name == name }
        return map.map { rows($0, place) } ?? []
    }

    private static func rows(
        _ map: SettingMap,
        _ place: Place,
        without: Set<String> = []
    ) -> [Row] {
        map.keys.filter { !without.contains($0.name) }
            .map { Row(map: map.name, key: $0, place: place) }
    }

    private static let defaults = rows.filter { row in
        if case .value = row.key.standard { true } else { false }
    }

    @Test func `the keys of every map that has a reader here are among the rows`() {
        #expect(Self.rows.count > 130)
        #expect(Self.defaults.count > 80)
    }

    @Test(arguments: defaults)
    func `a key with its default means the same as none`(_ row: Row) throws {
        guard case .value(let text) = row.key.standard else { return }
        let with = Loading(row.place.text([row.key.name: text]))
        let without = Loading(row.place.text([:]))
        _ = try #require(with.configuration)
        #expect(with.meaning == without.meaning)
        #expect(!with.diagnostics.all.contains { $0.severity == .error })
    }

    @Test func `a value that is not the default is seen`() {
        let place = Place("client: ", "")
        let other = Loading(place.text(["max_redirects": "11"]))
        #expect(other.meaning != Loading(place.text([:])).meaning)
    }

    @Test(arguments: rows)
    func `a value of a wrong kind is an error that names the key`(_ row: Row) {
        if case .any = row.key.shape { return }
        let wrong: String
        if case .list = row.key.shape { wrong = "7" } else { wrong = "[ { wrong: { x: 1 } } ]" }
        let loading = Loading(row.place.text([row.key.name: wrong]))
        let named = loading.diagnostics.all.filter {
            $0.severity == .error && $0.keyPath.contains(row.key.name)
        }
        #expect(!named.isEmpty, "\(loading.findings)")
    }

    /// Values that the schema takes for a key.
    private static func values(_ key: SettingDetails) -> [String] {
        // A reference's value that names another part of it.
        if key.name == "workflow" { return ["w"] }
        var values = key.example.map { [$0.contains("${") ? "\"\($0)\"" : $0] } ?? []
        if case .value(let text) = key.standard { values.append(text) }
        switch key.shape {
        case .flag: values += ["true", "false"]
        case .integer(let range):
            values += ["\(range.lowerBound)", "\(min(range.upperBound, 1 << 30))"]
        case .duration: values += ["30s", "90"]
        case .size: values += ["64MiB", "67108864"]
        case .words(let words): values += words
        default: break
        }
        return values
    }

    @Test(arguments: rows)
    func `what the schema takes of a key the reader takes`(_ row: Row) throws {
        let check = SchemaCheck(ConfigurationSchema.json)
        for value in Self.values(row.key) {
            if row.key.name == "type", row.map == "common_gateway", value != "public" { continue }
            // A field that holds the JSON is one of a form.
            let beside = row.key.name == "form_field" ? ["body": "form"] : [:]
            let text = row.place.text([row.key.name: value].merging(beside) { $1 })
            let node = try #require(
                YAMLReader.read(text, file: "a.yml", diagnostics: Diagnostics()).first
            )
            #expect(check.problems(of: node.jsonValue) == [], "\(text)")
            let errors = Loading(text).diagnostics.all.filter { $0.severity == .error }
            // Where a secret comes from is one thing; whether it is there is not the reader's.
            #expect(errors.map(\.message) == [], "\(text)")
        }
    }

    @Test(arguments: rows)
    func `what is beyond the bounds of an integer neither the schema nor the reader takes`(
        _ row: Row
    ) throws {
        guard case .integer(let range) = row.key.shape else { return }
        let check = SchemaCheck(ConfigurationSchema.json)
        var values = [range.lowerBound - 1]
        if range.upperBound < .max { values.append(range.upperBound + 1) }
        for value in values {
            let text = row.place.text([row.key.name: "\(value)"])
            let node = try #require(
                YAMLReader.read(text, file: "a.yml", diagnostics: Diagnostics()).first
            )
            // A place where a key has several shapes is refused as a whole.
            #expect(!check.problems(of: node.jsonValue).isEmpty, "\(text)")
            #expect(Loading(text).diagnostics.all.contains { $0.severity == .error }, "\(text)")
        }
    }
}
