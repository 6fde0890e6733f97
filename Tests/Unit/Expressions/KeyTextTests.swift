import Expressions
import JSONWire
import Primitives
import Testing

@Suite struct KeyTextTests {
    static let rows: [Row] = [
        Row(#""task-1""#, "task-1"), Row("77", "77"), Row("-5", "-5"), Row("0", "0"),
        Row("-0", "0"),
        Row("true", "true"), Row("false", "false"), Row(#""é\u00e9\"""#, "éé\""), Row(#"" ""#, " "),
        Row("12345678901234567890", "12345678901234567890"),
        Row("9007199254740993", "9007199254740993"),
        Row("77.0", "key_invalid"), Row("1e2", "key_invalid"), Row("1.5", "key_invalid"),
        Row("null", "key_missing"), Row(#""""#, "key_invalid"), Row("[]", "key_invalid"),
        Row("{}", "key_invalid"), Row("[1]", "key_invalid"), Row(#"{"a":1}"#, "key_invalid"),
        Row("\"" + String(repeating: "k", count: 1024) + "\"", String(repeating: "k", count: 1024)),
        Row("\"" + String(repeating: "k", count: 1025) + "\"", "key_invalid"),
        Row("\"" + String(repeating: "é", count: 513) + "\"", "key_invalid"),
        Row("1" + String(repeating: "0", count: 1024), "key_invalid"),
    ]

    @Test(arguments: rows)
    func `a key is the bytes of its text`(_ row: Row) {
        #expect(
            outcome { () throws(KeyText.Problem) in try KeyText.bytes(of: json(row.written)) }
                == row.expected
        )
    }

    @Test(arguments: rows)
    func `an element of a body is the same key`(_ row: Row) {
        let scanner = JSONScanner()
        let found = scanner.read([UInt8](row.written.utf8).span) { result in
            guard case .success(let document) = result else { return "no JSON" }
            return outcome { () throws(KeyText.Problem) in
                try KeyText.withBytes(of: document.root) { bytes in
                    bytes.ownedBytes
                }
            }
        }
        #expect(found == row.expected)
    }

    @Test func `what is missing is no key`() {
        #expect(
            outcome { () throws(KeyText.Problem) in try KeyText.bytes(of: nil) } == "key_missing"
        )
        #expect(
            outcome { () throws(KeyText.Problem) in try KeyText.withBytes(of: nil) { _ in [] } }
                == "key_missing"
        )
    }

    @Test func `a problem names the shape`() {
        let problem = #expect(throws: KeyText.Problem.self) {
            try KeyText.bytes(of: json(#"{"secret":1}"#))
        }
        #expect(
            problem?.message == "the key must be text, an integer or a boolean, and it is a map"
        )
    }

    private func outcome(_ body: () throws(KeyText.Problem) -> [UInt8]) -> String {
        do {
            return String(decoding: try body(), as: UTF8.self)
        } catch {
            return error.code.rawValue
        }
    }
}

extension Span<UInt8> {
    /// The bytes, owned.
    fileprivate var ownedBytes: [UInt8] { indices.map { self[$0] } }
}

@Suite struct TextFormTests {
    @Test(arguments: [
        Row("null", ""), Row(#""a""#, "a"), Row("200", "200"), Row("200.0", "200.0"),
        Row("true", "true"),
        Row("false", "false"), Row("1e2", "1e2"), Row(#"[1,{"a":null}]"#, #"[1,{"a":null}]"#),
        Row(#""""#, ""), Row("-0", "-0"),
    ])
    func `a value has one text`(_ row: Row) {
        #expect(TextForm.text(of: json(row.written)) == row.expected)
        var bytes: [UInt8] = []
        TextForm.append(json(row.written), to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == row.expected)
    }
}
