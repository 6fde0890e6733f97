import JSONWire
import Testing

@Suite struct JSONElementTests {
    @Test(
        arguments: [
            ("null", .null), ("true", .bool), ("false", .bool), ("0", .integer), ("-1", .integer),
            ("9223372036854775807", .integer), ("-9223372036854775808", .integer),
            ("9223372036854775808", .number), ("-9223372036854775809", .number), ("-0", .number),
            ("1.0", .number), ("1e2", .number), ("\"\"", .string), ("[]", .array), ("{}", .object),
        ] as [(String, JSONKind)]
    )
    func `kinds are told apart`(_ text: String, _ kind: JSONKind) throws {
        try withRoot(text) { root in
            #expect(root.kind == kind)
            #expect(root.value().kindName == kind.name)
            #expect(root.isNull == (kind == .null))
        }
    }

    @Test(arguments: [
        0, 1, -1, 42, -7, 999_999_999_999_999_999, 1_000_000_000_000_000_000, Int64.max, Int64.min,
        Int64.max - 1, Int64.min + 1, 9_007_199_254_740_993,
    ])
    func `integers are exact`(_ integer: Int64) throws {
        try withRoot("[\(integer)]") { root in
            #expect(root.element(at: 0)?.integer == integer)
            #expect(root.value() == .array([.integer(integer)]))
        }
    }

    @Test(arguments: ["-0", "1.0", "1e2", "1E+2", "-0.0", "18446744073709551616", "1e999", "0.10"])
    func `numbers keep their text`(_ text: String) throws {
        try withRoot(text) { root in
            #expect(root.integer == nil)
            #expect(root.numberText == text)
            #expect(root.value() == .number(JSONNumber(validated: text)))
            #expect(root.value().jsonText == text)
        }
    }

    @Test func `a member is found by its bytes and the last counts`() throws {
        try withRoot(#"{"a":1,"ab":2,"a":3,"":4,"\u0062":5,"é":6,"\"":7}"#) { root in
            #expect(root.member(JSONName("a"))?.integer == 3)
            #expect(root.member(JSONName("ab"))?.integer == 2)
            #expect(root.member(JSONName(""))?.integer == 4)
            #expect(root.member(JSONName("b"))?.integer == 5)
            #expect(root.member(JSONName("é"))?.integer == 6)
            #expect(root.member(JSONName("e\u{301}")) == nil)
            #expect(root.member(JSONName("\""))?.integer == 7)
            #expect(root.member(JSONName("c")) == nil)
            #expect(root.count == 7)
        }
    }

    @Test func `members are looked up only on their own level`() throws {
        try withRoot(#"{"x":{"a":1},"y":[{"a":2}],"z":{}}"#) { root in
            #expect(root.member(JSONName("a")) == nil)
            #expect(root.member(JSONName("x"))?.member(JSONName("a"))?.integer == 1)
            #expect(root.member(JSONName("z"))?.member(JSONName("a")) == nil)
            #expect(root.member(JSONName("y"))?.member(JSONName("a")) == nil)
            #expect(root.element(at: 0) == nil)
        }
    }

    @Test func `elements are counted and found by index`() throws {
        try withRoot(#"[[1,2],{"a":3},4]"#) { root in
            #expect(root.count == 3)
            #expect(root.element(at: 1)?.kind == .object)
            #expect(root.element(at: 2)?.integer == 4)
            #expect(root.element(at: 3) == nil)
            #expect(root.element(at: -1) == nil)
            #expect(Array(root.elements).map(\.rawRange) == [1..<6, 7..<14, 15..<16])
        }
    }

    @Test func `members come in order with their names`() throws {
        try withRoot(#"{"b":1,"a":[],"b":{"c":2},"\u0064":0}"#) { root in
            #expect(root.members.map(\.name) == ["b", "a", "b", "d"])
            #expect(root.members.map(\.value.kind) == [.integer, .array, .object, .integer])
            #expect(root.value().jsonText == #"{"b":{"c":2},"a":[],"d":0}"#)
        }
    }

    @Test(arguments: [
        (#""plain""#, "plain"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
        (#""\u0041\u00e9\u20AC""#, "Aé€"), (#""\ud83d\ude00""#, "😀"), (#""\uD83D""#, "\u{FFFD}"),
        (#""\uDE00""#, "\u{FFFD}"), (#""\ud83dx""#, "\u{FFFD}x"),
        (#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"), (#""\ud83d\u0041""#, "\u{FFFD}A"),
        (#""\ude00\ud83d""#, "\u{FFFD}\u{FFFD}"), (#""\u0000""#, "\0"),
        (#""\udbff\udfff""#, "\u{10FFFF}"),
        (#""""#, ""),
    ])
    func `strings are decoded`(_ text: String, _ expected: String) throws {
        try withRoot(text) { root in
            #expect(root.copyString() == expected)
            let bytes = root.withStringBytes { span in span.indices.map { span[$0] } }
            #expect(bytes == [UInt8](expected.utf8))
            #expect(root.value() == .string(expected))
        }
    }

    @Test func `an escaped name is found however it is escaped`() throws {
        try withRoot(#"{"\ud83d\ude00\n":1,"\ud83d":2}"#) { root in
            #expect(root.member(JSONName("😀\n"))?.integer == 1)
            #expect(root.member(JSONName("\u{FFFD}"))?.integer == 2)
            #expect(root.member(JSONName("😀")) == nil)
            #expect(root.member(JSONName("😀\nx")) == nil)
        }
    }

    @Test func `raw bytes are the document's own`() throws {
        try withRoot(#" {"a": [1, 2.50 ] } "#) { root in
            let list = try #require(root.member(JSONName("a")))
            let raw = list.withRawBytes { span in span.indices.map { span[$0] } }
            #expect(raw == Array("[1, 2.50 ]".utf8))
            #expect(list.withStringBytes { _ in 1 } == nil)
            #expect(list.copyString() == nil && list.bool == nil && list.numberText == nil)
        }
    }
}
