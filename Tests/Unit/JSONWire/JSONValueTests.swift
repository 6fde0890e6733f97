import Foundation
import JSONWire
import Primitives
import Testing

@Suite struct JSONValueTests {
    @Test(
        arguments: [
            (.null, "null"), (.bool(true), "true"), (.bool(false), "false"), (.integer(0), "0"),
            (.integer(.max), "9223372036854775807"), (.integer(.min), "-9223372036854775808"),
            (
                .string("a\"\\/\u{8}\u{C}\n\r\t\u{0}\u{1F}\u{7F}é😀"),
                #""a\"\\/\b\f\n\r\t\u0000\u001f"# + "\u{7F}é😀\""
            ),
            (.array([]), "[]"), (.object([:]), "{}"),
            (
                .array([.integer(1), .array([.null]), .object(["a": .array([])])]),
                #"[1,[null],{"a":[]}]"#
            ),
        ] as [(JSONValue, String)]
    )
    func `values are written compactly`(_ value: JSONValue, _ expected: String) {
        #expect(value.jsonText == expected)
    }

    @Test func `the form for people has a line for each part`() {
        let value: JSONValue = .object([
            "a": .array([.integer(1), .object(["b": .string("x")])]), "c": .object([:]),
        ])
        let expected = """
            {
              "a": [
                1,
                {
                  "b": "x"
                }
              ],
              "c": {}
            }
            """
        #expect(value.prettyJSONText == expected)
    }

    @Test(arguments: 0..<200)
    func `random values are read back as they were`(_ seed: Int) throws {
        var bits = SplitMix64(seed: UInt64(seed))
        let value = Self.random(depth: 5, &bits)
        #expect(try JSONValue.parse(value.jsonText) == value)
        #expect(try JSONValue.parse(value.prettyJSONText) == value)
    }

    @Test(arguments: [1e16, .leastNonzeroMagnitude, -0.0, 1.5, .greatestFiniteMagnitude, 0.1])
    func `doubles are written as JSON`(_ double: Double) throws {
        let value = JSONValue.number(try #require(JSONNumber(double)))
        guard case .number(let number) = try JSONValue.parse(value.jsonText) else {
            Issue.record("\(value.jsonText) is not read as a number")
            return
        }
        #expect(number.double == double)
    }

    @Test func `the deepest document fits a stack of 512 KiB`() {
        let done = DispatchSemaphore(value: 0)
        let thread = Thread {
            defer { done.signal() }
            for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
                let text =
                    String(repeating: open, count: 512) + "1" + String(repeating: close, count: 512)
                let value = try? JSONValue.parse(text)
                let other = try? JSONValue.parse(text)
                #expect(value != nil && value == other && value.hashValue == other.hashValue)
                #expect(value?.jsonText == text)
            }
        }
        thread.stackSize = 512 << 10
        thread.start()
        done.wait()
    }

    @Test(arguments: [
        ("[1,2]", "[1,2]", true), ("[1,2]", "[2,1]", false), ("[1]", "[1,1]", false),
        (#"{"a":1,"b":[{}]}"#, #"{"b":[{}],"a":1}"#, true), (#"{"a":1}"#, #"{"a":2}"#, false),
        (#"{"a":1}"#, #"{"b":1}"#, false), (#"{"a":1}"#, #"{"a":1,"b":1}"#, false),
        ("1", "1.0", false), ("null", "false", false), ("\"\"", "\"\"", true),
        ("\"é\"", "\"e\u{301}\"", false), ("[[[1]]]", "[[[2]]]", false),
    ])
    func `values are compared by what they say`(
        _ left: String,
        _ right: String,
        _ same: Bool
    ) throws {
        let (left, right) = (try JSONValue.parse(left), try JSONValue.parse(right))
        #expect((left == right) == same)
        if same { #expect(left.hashValue == right.hashValue) }
    }

    @Test func `names that only look the same are two members`() {
        var object = JSONObject()
        for index in 0..<20 { object["n\(index)"] = .integer(Int64(index)) }
        object["é"] = .integer(100)
        object["e\u{301}"] = .integer(200)
        #expect(object.count == 22)
        #expect(object["é"] == .integer(100) && object["e\u{301}"] == .integer(200))
        object["n3"] = nil
        #expect(object.count == 21 && object["n3"] == nil && object["n4"] == .integer(4))
    }

    private static func random(depth: Int, _ bits: inout SplitMix64) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 9 : 7), using: &bits) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &bits))
        case 2: return .integer(Int64(truncatingIfNeeded: bits.next()))
        case 3: return .integer(Int64.random(in: -99...99, using: &bits))
        case 4:
            let double = Double(Int64(truncatingIfNeeded: bits.next())) * 1.5e-7
            return JSONNumber(double).map { .number($0) } ?? .null
        case 5, 6: return .string(randomText(&bits))
        case 7:
            return .array(
                (0..<Int.random(in: 0..<6, using: &bits)).map { _ in
                    random(depth: depth - 1, &bits)
                }
            )
        default:
            var object = JSONObject()
            for _ in 0..<Int.random(in: 0..<30, using: &bits) {
                object[randomText(&bits)] = random(depth: depth - 2, &bits)
            }
            return .object(object)
        }
    }

    private static func randomText(_ bits: inout SplitMix64) -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0..<40, using: &bits) {
            let value =
                bits.next() % 4 == 0
                ? UInt32.random(in: 0...0x10FFFF, using: &bits)
                : UInt32.random(in: 0...0x7F, using: &bits)
            if let scalar = Unicode.Scalar(value) { text.unicodeScalars.append(scalar) }
        }
        return text
    }
}
