import JSONWire
import Testing

/// Strings that go over several windows of the scanner in two stages (1,024 bytes): what is noted of a string's beginning is
/// used long after the window it came from.
@Suite struct JSONWindowTests {
    /// A string in its surroundings: as an element, as a member's value, as a member's name.
    enum Place: CaseIterable {
        case element, value, name
    }

    /// Where a window ends, and a little before and behind it, and the blocks of 64 bytes there.
    static let bordersAndNear =
        [1, 2, 8, 63, 64, 65].flatMap { [1_024 - $0, 1_024 + $0] }
        + [1_024, 0, 3, 500]

    @Test(arguments: Place.allCases, 0...9)
    func `an escape is read wherever in a long string it stands`(_ place: Place, _ before: Int) {
        let scanners = Scanners()
        for offset in Self.bordersAndNear {
            for further in [0, 1, 1_000, 1_023, 1_024, 1_030, 2_033, 2_048, 3_100] {
                for (escape, text) in [("\\n", "\n"), ("\\\"", "\""), ("\\u00e9", "é")] {
                    let made = Self.text(place, before, offset, escape, further)
                    #expect(scanners.strings(made.bytes)?.contains(made.content(text)) == true)
                }
                let wrong = Self.text(place, before, offset, "\\q", further)
                let error = JSONError(.badEscape, at: wrong.escapeOffset)
                #expect(scanners.outline(wrong.bytes) == .error(error))
            }
        }
    }

    @Test func `a backslash is not forgotten however many windows lie between`() {
        let scanners = Scanners()
        for windows in 0...12 {
            for missing in 0..<8 {
                let further = windows * 1_024 + 40 - missing
                let good = Self.text(.element, 3, 1, "\\t", further)
                #expect(scanners.strings(good.bytes)?.contains(good.content("\t")) == true)
                let wrong = Self.text(.element, 3, 1, "\\v", further)
                let error = JSONError(.badEscape, at: wrong.escapeOffset)
                #expect(scanners.outline(wrong.bytes) == .error(error))
            }
        }
    }

    @Test func `a list of long texts keeps every escape`() throws {
        let scanners = Scanners()
        for count in stride(from: 900, to: 3_100, by: 37) {
            let plain = String(repeating: "x", count: count)
            let texts = ["a", "b", "say \"hi\" \(plain)", String(repeating: "y", count: 1_500)]
            let value = JSONValue.object(["items": .array(texts.map(JSONValue.string))])
            #expect(scanners.strings(value.jsonBytes)?.filter { $0 != "items" } == texts)
        }
    }

    /// A text with one escape at a known place.
    struct Made {
        var bytes: [UInt8]
        var escapeOffset: Int
        var content: (String) -> String
    }

    /// A text with some small values, a string with an escape after `offset` characters and `further` ones behind it, and a
    /// string behind that.
    static func text(
        _ place: Place,
        _ before: Int,
        _ offset: Int,
        _ escape: String,
        _ further: Int
    ) -> Made {
        let (head, tail) =
            switch place {
            case .element: ("[" + String(repeating: "1,", count: before) + "\"", "\",\"y\"]")
            case .value:
                (
                    "{" + String(repeating: "\"a\":1,", count: before) + "\"k\":\"",
                    "\",\"y\":\"z\"}"
                )
            case .name:
                ("{" + String(repeating: "\"a\":1,", count: before) + "\"", "\":\"y\",\"z\":0}")
            }
        let start = String(repeating: "x", count: offset)
        let end = String(repeating: "w", count: further)
        return Made(
            bytes: Array((head + start + escape + end + tail).utf8),
            escapeOffset: head.utf8.count + offset,
            content: { start + $0 + end }
        )
    }
}
