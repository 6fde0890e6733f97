import Documents
import Primitives
import Testing

@Suite struct SettingsReaderTests {
    /// Reads `text` with `body`; what was reported.
    private func findings(_ text: String, _ body: (inout SettingsReader) -> Void) -> [String] {
        let diagnostics = Diagnostics()
        for node in YAMLReader.read(text, file: "f", diagnostics: diagnostics) {
            var reader = SettingsReader(node, keyPath: "server", diagnostics: diagnostics)
            body(&reader)
        }
        return diagnostics.all.map(brief)
    }

    @Test func `values of every kind are read`() {
        let text = """
            name: sluice
            version: 1.50
            on: true
            threads: 4
            ratio: 0.5
            port: 8090
            timeout: 1h30m
            limit: 64MiB
            type: http-callback
            tags: [a, 1]
            headers: {A: x, B: 5, C: }
            items: [{id: one}, {id: two}]
            inner: {deep: {key: 1}}
            x-note: anything
            empty:
            """
        let reported = findings(text) { reader in
            #expect(reader.string("name") == "sluice")
            #expect(reader.text("version") == "1.50")
            #expect(reader.bool("on") == true)
            #expect(reader.integer("threads", in: 1...64) == 4)
            #expect(reader.number("ratio", in: 0...1) == 0.5)
            #expect(reader.port("port") == 8090)
            #expect(reader.duration("timeout") == .seconds(5400))
            #expect(reader.size("limit") == 64 << 20)
            #expect(reader.oneOf("type", as: ListenerType.self) == .callback)
            #expect(reader.texts("tags") == ["a", "1"])
            #expect(reader.textMap("headers")?.map(\.key) == ["A", "B"])
            #expect(reader.textMap("headers")?.map(\.value) == ["x", "5"])
            let ids = reader.maps("items")?.map { item in
                var item = item
                return item.string("id", default: "")
            }
            #expect(ids == ["one", "two"])
            var deep = reader.map("inner")?.entries.first.map { entry in
                SettingsReader(entry.value, keyPath: "d", diagnostics: reader.diagnostics)
            }
            #expect(deep?.integer("key") == 1)
            #expect(reader.string("empty") == nil && !reader.has("empty"))
            #expect(reader.string("absent", default: "z") == "z")
            #expect(reader.bool("absent", default: true) == true)
            #expect(reader.integer("absent", default: 7) == 7)
            #expect(reader.size("absent", default: 8) == 8)
            #expect(reader.duration("absent", default: .seconds(9)) == .seconds(9))
            #expect(reader.text("absent", default: "t") == "t")
            reader.finish()
        }
        #expect(reported.isEmpty, "\(reported)")
    }

    @Test(
        arguments: [
            ("k: [1]", "string", "1:4 server.k: found a list, expected text"),
            ("k: 5", "string", "1:4 server.k: found the integer `5`, expected text [\"5\"]"),
            ("k: {a: 1}", "text", "1:4 server.k: found a map, expected text"),
            (
                "k: yes", "bool",
                "1:4 server.k: found the text `yes`, expected `true` or `false` [true]"
            ),
            (
                "k: off", "bool",
                "1:4 server.k: found the text `off`, expected `true` or `false` [false]"
            ),
            ("k: 3", "bool", "1:4 server.k: found the integer `3`, expected `true` or `false`"),
            (
                "k: 65", "integer",
                "1:4 server.k: found the integer `65`, expected an integer from 1 to 64"
            ),
            (
                "k: 1.5", "integer",
                "1:4 server.k: found the number `1.5`, expected an integer from 1 to 64"
            ),
            (
                "k: abc", "count",
                "1:4 server.k: found the text `abc`, expected an integer of 0 or more"
            ),
            (
                "k: -1", "count",
                "1:4 server.k: found the integer `-1`, expected an integer of 0 or more"
            ),
            (
                "k: 2", "number",
                "1:4 server.k: found the integer `2`, expected a number from 0 to 1"
            ),
            (
                "k: 0", "port",
                "1:4 server.k: found the integer `0`, expected an integer from 1 to 65535"
            ),
            (
                "k: 70000", "port",
                "1:4 server.k: found the integer `70000`, expected an integer from 1 to 65535"
            ),
            (
                "k: 5 min", "duration",
                "1:4 server.k: found the text `5 min`, expected a duration such as `250ms`, `30s`, `5m` or `1h30m`"
            ),
            (
                "k: -5s", "duration",
                "1:4 server.k: found the text `-5s`, expected a duration such as `250ms`, `30s`, `5m` or `1h30m`"
            ),
            (
                "k: [5s]", "duration",
                "1:4 server.k: found a list, expected a duration such as `250ms`, `30s`, `5m` or `1h30m`"
            ),
            (
                "k: 30", "milliseconds",
                "1:4 server.k: found the integer `30`, expected a unit: `30s` for seconds or `30ms` for milliseconds"
            ),
            ("k: 300000", "milliseconds", "1:4 note server.k: 300000 is taken as milliseconds: 5m"),
            (
                "k: 1XB", "size",
                "1:4 server.k: found the text `1XB`, expected a size such as `512KiB`, `64MiB` or `1048576`"
            ),
            (
                "k: http-calback", "oneOf",
                "1:4 server.k: found the text `http-calback`, expected one of `http-callback`, `http-trigger` [http-callback]"
            ),
            (
                "k: {}", "oneOf",
                "1:4 server.k: found a map, expected one of `http-callback`, `http-trigger`"
            ),
            ("k: x", "list", "1:4 server.k: found the text `x`, expected a list"),
            ("k: x", "map", "1:4 server.k: found the text `x`, expected a map"),
            ("k: [[x]]", "texts", "1:5 server.k: found a list, expected text or a list of texts"),
            ("k: {a: []}", "textMap", "1:8 server.k.a: found a list, expected text"),
            ("k: [x]", "maps", "1:5 server.k[0]: found the text `x`, expected a map"),
            ("{}", "required", "1:1 server: the key `k` is missing, expected a URL"),
            (
                "{k: 1, j: 2}", "either",
                "1:11 server.j: `j` and `k` say the same; expected one of them"
            ),
        ])
    func `what does not fit is told`(_ text: String, _ kind: String, _ expected: String) {
        let reported = findings(text) { reader in
            switch kind {
            case "string": #expect(reader.string("k") == nil)
            case "text": #expect(reader.text("k") == nil)
            case "bool": #expect(reader.bool("k") == nil)
            case "integer": #expect(reader.integer("k", in: 1...64) == nil)
            case "count": #expect(reader.integer("k") == nil)
            case "number": #expect(reader.number("k", in: 0...1) == nil)
            case "port": #expect(reader.port("k") == nil)
            case "duration": #expect(reader.duration("k") == nil)
            case "milliseconds": _ = reader.duration("k", bareNumber: .documentMilliseconds)
            case "size": #expect(reader.size("k") == nil)
            case "oneOf": #expect(reader.oneOf("k", as: ListenerType.self) == nil)
            case "list": #expect(reader.list("k") == nil)
            case "map": _ = reader.map("k")
            case "texts": _ = reader.texts("k")
            case "textMap": _ = reader.textMap("k")
            case "maps": _ = reader.maps("k")
            case "required": #expect(reader.requiredString("k", expected: "a URL") == nil)
            default: #expect(reader.node(anyOf: ["k", "j"])?.key == "k")
            }
        }
        #expect(reported == [expected])
    }

    @Test func `every unknown key is reported with the nearest`() {
        let reported = findings("prot: 1\nx-mine: 2\nzzz: 3\nwebui: 4\n\"a b\": 5") { reader in
            _ = reader.port("port")
            reader.finish(noted: ["webui"])
        }
        #expect(
            reported == [
                "1:1 server.prot: unknown key `prot` [port]",
                "3:1 server.zzz: unknown key `zzz`",
                "4:1 note server.webui: the key `webui` is known and has no effect here",
                "5:1 server[\"a b\"]: unknown key `a b`",
            ]
        )
    }

    @Test func `texts stand for what they spell, as variables give them`() {
        let reported = findings("{a: \"true\", b: \"80\", c: \"30\"}") { reader in
            #expect(reader.bool("a") == true)
            #expect(reader.port("b") == 80)
            #expect(reader.duration("c") == .seconds(30))
        }
        #expect(reported.isEmpty)
    }

    @Test func `what stands under a secret key is not told`() {
        let reported = findings("{api_token: 12345, Password: hunter2}") { reader in
            _ = reader.string("api_token")
            _ = reader.integer("Password")
        }
        #expect(
            reported == [
                "1:13 server.api_token: found an integer, expected text",
                "1:30 server.Password: found text, expected an integer of 0 or more",
            ]
        )
    }

    @Test func `a node that is no map is reported once`() {
        #expect(
            findings("[1]") { _ = $0.string("a") } == ["1:1 server: found a list, expected a map"]
        )
        #expect(findings("~") { $0.finish() }.isEmpty)
    }

    private enum ListenerType: String, CaseIterable {
        case callback = "http-callback"
        case trigger = "http-trigger"
    }
}
