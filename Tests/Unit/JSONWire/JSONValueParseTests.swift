import JSONWire
import Primitives
import Testing

/// Reading a text into a value, beside the same put together from the views of its parts.
@Suite struct JSONValueParseTests {
    @Test(arguments: [
        "", " ", "\u{FEFF}[1]", "\u{FEFF}", "null", "0", "-0", "-1", "9223372036854775807",
        "-9223372036854775808", "9223372036854775808", "-9223372036854775809",
        "123456789012345678901234567890", "1e400", "-0.0", "1.50", #""\ud800""#,
        #""\udc00\ud800x""#, #""\ud83d\ude00""#, #"["\ud83d","\u0000"]"#, "[]", "{}", "[[],{}]",
        #"{"":1,"":2}"#, #"{"a":1,"b":2,"a":3}"#, #"{"a":1,"\u0061":2}"#, #"{"\u0061":1,"a":2}"#,
        #"{"\u0061":1,"\u0061":[2]}"#, #"{"ab":1,"ba":2,"ab":{"ab":1,"ab":2}}"#,
        #"{"é":1,"é":2,"é":3}"#, #"{"\ud800":1,"\ud801":2,"\ufffd":3}"#, "[1", "{\"a\"}", "[1]x",
    ])
    func `odd texts are read as their parts say`(_ text: String) throws {
        try compare(Array(text.utf8))
    }

    @Test(arguments: [15, 16, 17, 18, 63, 64, 65, 66, 200])
    func `objects of every size keep the order, and the last of repeated members`(
        _ count: Int
    ) throws {
        let members = (0..<count).map { #""\#($0 % 10)-\#($0)":\#($0)"# }
        for repeated in ["", #","0-0":"again""#, #","\#((count - 1) % 10)-\#(count - 1)":[{}]"#] {
            try compare(Array("{\(members.joined(separator: ","))\(repeated)}".utf8))
        }
        // Names whose lengths are 64 apart, and those that differ in their last byte alone.
        let long = String(repeating: "n", count: 64)
        let names = ["n", long + "n", "m", long + "m", long + "n"]
        try compare(Array("{\(names.map { "\"\($0)\":\(count)" }.joined(separator: ","))}".utf8))
    }

    @Test(arguments: [1, 15, 16, 17, 18, 40, 511, 512, 513])
    func `containers inside each other are read whatever their depth`(_ depth: Int) throws {
        for (open, close) in [("[1,", ",{}]"), (#"{"b":"x","a":"#, #","a":[],"b":2}"#)] {
            let head = String(repeating: open, count: depth)
            let tail = String(repeating: close, count: depth)
            try compare(Array("\(head)[]\(tail)".utf8))
            // A value whose outermost containers close early has its depth in the middle.
            try compare(Array("[\(head)[]\(tail),[[3]]]".utf8))
        }
    }

    @Test(arguments: 0..<20)
    func `random and damaged texts are read as their parts say`(_ seed: UInt64) throws {
        var texts = RandomJSON(bits: SplitMix64(seed: seed &+ 7_000))
        for length in stride(from: 0, to: 4_000, by: 97) {
            var bytes = texts.text(length)
            try compare(bytes)
            texts.damage(&bytes)
            try compare(bytes)
        }
    }

    /// Compares the value of a text, or why it has none, with what the views of its parts say.
    private func compare(_ bytes: [UInt8]) throws {
        let expected = JSONScanner().read(bytes.span) { result in
            result.map { Told(value: Self.value(of: $0.root), again: $0.root.value()) }
        }
        var found: Result<JSONValue, JSONError>
        do throws(JSONError) {
            found = .success(try JSONValue.parse(bytes))
        } catch {
            found = .failure(error)
        }
        switch (expected, found) {
        case (.failure(let left), .failure(let right)): #expect(left == right)
        case (.success(let told), .success(let value)):
            // The text tells more than the comparison of values, for which order is nothing.
            #expect(value.jsonText == told.value.jsonText)
            #expect(value == told.value && told.again.jsonText == value.jsonText)
        default: Issue.record("\(bytes): \(expected), \(found)")
        }
    }

    private struct Told {
        let value: JSONValue
        let again: JSONValue
    }

    /// The value of an element by way of its elements and members.
    private static func value(of element: JSONElement) -> JSONValue {
        switch element.kind {
        case .null: return .null
        case .bool: return .bool(element.bool ?? false)
        case .integer: return .integer(Int64(element.numberText ?? "") ?? 0)
        case .number: return .number(JSONNumber(validated: element.numberText ?? ""))
        case .string: return .string(element.copyString() ?? "")
        case .array: return .array(element.elements.map { value(of: $0) })
        case .object:
            var object = JSONObject()
            for member in element.members { object[member.name] = value(of: member.value) }
            return .object(object)
        }
    }
}
