import Documents
import JSONWire
import Testing

@Suite struct YAMLReaderTests {
    @Test(arguments: [
        ("~", "null"), ("null", "null"), ("Null", "null"), ("NULL", "null"), ("true", "true"),
        ("True", "true"), ("FALSE", "false"), ("yes", #""yes""#), ("no", #""no""#),
        ("on", #""on""#), ("off", #""off""#), ("y", #""y""#), ("tRue", #""tRue""#), ("0", "0"),
        ("-7", "-7"), ("+12", "12"), ("007", "7"), ("0o17", "15"), ("0x1F", "31"),
        ("0b1", #""0b1""#), ("1_000", #""1_000""#), ("0x", #""0x""#), ("-0x1F", #""-0x1F""#),
        ("9223372036854775807", "9223372036854775807"),
        ("9223372036854775808", "9223372036854775808"), ("1.50", "1.50"), ("1e3", "1e3"),
        ("1.", "1.0"), (".5", "0.5"), ("-.5", "-0.5"), ("+1.5", "1.5"), (".inf", #"".inf""#),
        ("-.INF", #""-.INF""#), (".nan", #"".nan""#), (".", #"".""#), ("-", "[null]"),
        ("1e", #""1e""#), ("1.2.3", #""1.2.3""#), ("12:30", #""12:30""#), ("+", #""+""#),
        ("2026-11-21", #""2026-11-21""#), ("1h30m", #""1h30m""#), ("\"5\"", #""5""#),
        ("'true'", #""true""#), ("!!str 5", #""5""#), ("! 5", #""5""#), ("!!int \"5\"", "5"),
        ("!!float 5", "5"), ("!!bool 'true'", "true"), ("!!null ''", "null"), ("|\n  5", "\"5\""),
    ])
    func `scalars are typed by the core schema`(_ text: String, _ expected: String) {
        let (nodes, findings) = read(text)
        #expect(nodes.first?.jsonValue.jsonText == expected)
        #expect(findings.isEmpty)
    }

    @Test(arguments: ["007", "1.50", "yes", "0x1F", "true", "~", "+1", "a b"])
    func `scalars keep how they were written`(_ text: String) {
        #expect(read("k: \(text)").nodes.first?["k"]?.raw == text)
    }

    @Test func `values know where they stand, in characters`() throws {
        let node = try #require(read("a: 1\nключ: [é, {b: \"x\"}]\n\"q\":\n  - z\n").nodes.first)
        let place = { (node: Node?) in node.map { "\($0.position.line):\($0.position.column)" } }
        #expect(place(node) == "1:1")
        #expect(place(node["a"]) == "1:4")
        #expect(place(node["ключ"]) == "2:7")
        guard case .list(let items) = node["ключ"]?.content else {
            Issue.record("no list")
            return
        }
        #expect(place(items[0]) == "2:8")
        #expect(place(items[1]["b"]) == "2:15")
        #expect(place(node["q"]) == "4:3")
        guard case .map(let entries) = node.content else { return }
        #expect(
            entries.map { "\($0.keyPosition.line):\($0.keyPosition.column)" } == [
                "1:1", "2:1", "3:1",
            ]
        )
        #expect(node.position.description == "test.yml:1:1")
    }

    @Test(
        arguments: [
            ("k: abc", 4), ("k: \"abc\"", 5), ("k: 'abc'", 5), ("{é: 1, k: abc}", 11),
            ("k: !!str abc", 10),
            ("k: &a abc", 7), ("k: &a 'abc'", 8), ("k: \"a\\tb\"", nil), ("k: 'it''s'", nil),
            ("k: |\n  abc", nil), ("k: >\n  abc", nil), ("k: abc\n  def", nil),
            ("k: \"abc\n  def\"", nil),
            ("k: ${body.x | \"é\"}  # c", 4), ("k:\n    abc", 5), ("k: \"\\x41\"", nil),
            ("k: ''", 5),
        ] as [(String, Int?)]
    )
    func `text that stands in the source as it is says where it begins`(
        _ text: String,
        _ column: Int?
    ) {
        #expect(read(text).nodes.first?["k"]?.textStartsAtColumn == column)
    }

    @Test func `several documents are read in order`() {
        let (nodes, findings) = read("a: 1\n---\n- 2\n...\n---\n---\n'3'\n")
        #expect(nodes.map(\.jsonValue.jsonText) == [#"{"a":1}"#, "[2]", "null", #""3""#])
        #expect(findings.isEmpty)
    }

    @Test(arguments: ["", "\n\n", "# only a comment\n", "\u{FEFF}", "   "])
    func `a text without content has no document`(_ text: String) {
        let (nodes, findings) = read(text)
        #expect(nodes.isEmpty && findings.isEmpty)
    }

    @Test func `a BOM and CR LF are read`() {
        #expect(json("\u{FEFF}a: 1\r\nb: [2,\r\n 3]\r\n") == #"{"a":1,"b":[2,3]}"#)
        #expect(read("\u{FEFF}a: 1").nodes.first?["a"]?.position.column == 4)
    }

    @Test func `aliases stand for their anchors`() {
        #expect(
            json("a: &x {k: [1]}\nb: *x\nc: &s text\n*s : &n 5\nd: *n")
                == #"{"a":{"k":[1]},"b":{"k":[1]},"c":"text","text":5,"d":5}"#
        )
        #expect(json("- &a 1\n- &a 2\n- *a") == "[1,2,2]")
    }

    @Test func `anchors end with their document`() {
        #expect(
            read("--- &a 1\n--- *a").findings
                == ["2:5 the alias `*a` has no anchor `&a` before it"]
        )
    }

    @Test func `merge keys bring what is not there`() {
        let base = "base: &b {a: 1, c: {d: 2}}\nother: &o {a: 9, e: 3}\n"
        #expect(
            json(base + "x:\n  <<: *b\n  a: 5\n") == base.asJSON(#""x":{"a":5,"c":{"d":2}}"#)
        )
        #expect(
            json(base + "x:\n  <<: [*b, *o]\n  z: 1\n")
                == base.asJSON(#""x":{"z":1,"a":1,"c":{"d":2},"e":3}"#)
        )
        #expect(json("'<<': 1") == #"{"<<":1}"#)
    }

    @Test func `a JSON file is read as JSON`() {
        let text =
            "{\n\t\"a\":\"\\ud83d\\ude00\",\"b\":[1,2.50,true,null],\n \"c\\n\":\"\u{2028}\"}"
        let (nodes, findings) = read(text, file: "test.json")
        #expect(findings.isEmpty)
        #expect(
            nodes.first?.jsonValue.jsonText
                == "{\"a\":\"😀\",\"b\":[1,2.50,true,null],\"c\\n\":\"\u{2028}\"}"
        )
        #expect(
            nodes.first?["b"]?.position == SourcePosition(file: "test.json", line: 2, column: 25)
        )
        #expect(nodes.first?["b"]?.position.description == "test.json:2:25")
        #expect(
            read("{\"a\":1,\n\"a\":2}", file: "x.json").findings
                == ["2:1 the key `a` is already at x.json:1:2"]
        )
        #expect(
            read("{\"a\":\n }", file: "x.json").findings
                == ["2:2 the JSON text has an unexpected character at byte 7"]
        )
        #expect(
            json(#"{"a":"b","c":[1,2],"d":{"e":"f\/\u00e9"}}"#)
                == #"{"a":"b","c":[1,2],"d":{"e":"f/é"}}"#
        )
    }
}

extension String {
    fileprivate func asJSON(_ rest: String) -> String {
        #"{"base":{"a":1,"c":{"d":2}},"other":{"a":9,"e":3},"# + rest + "}"
    }
}
