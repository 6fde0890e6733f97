import Documents
import JSONWire
import Testing

/// The cases of yaml/yaml-test-suite: those with expected JSON are read to it, those that must fail are refused.
@Suite struct YAMLTestSuiteTests {
    /// One case.
    struct Case {
        var id: String
        var yaml: String
        var json: String?
        var mustFail: Bool
    }

    /// Where we differ, by the reason.
    ///
    /// Each of these must differ, everything else must not.
    static let differences: [String: [String]] = [
        "libyaml wants a blank after the colon or question mark of a flow map":
            [
                "4MUZ/0", "4MUZ/1", "4MUZ/2", "5MUD", "9SA2", "K3WX", "NJ66", "UT92", "58MP",
                "5T43", "HM87/0", "HM87/1", "VJP3/1", "652Z", "DBG4",
            ],
        "libyaml refuses tabs where YAML 1.2 takes them as blanks":
            [
                "6BCT", "6CA3", "A2M4", "Q5MG", "R4YG", "96NN/0", "96NN/1", "DK95/0", "DK95/3",
                "DK95/4", "Y79Y/1", "Y79Y/10",
            ],
        "libyaml takes tabs where YAML 1.2 does not":
            ["DK95/1", "Y79Y/3"],
        "libyaml knows only its own directives and versions":
            ["2LFX", "6LVF", "BEC7", "MUS6/5", "MUS6/6", "ZYU8/1", "ZYU8/2", "ZYU8/3"],
        "libyaml takes a directive that nothing divides from the document before":
            ["9HCY", "EB22", "RHX7", "MUS6/0", "MUS6/1"],
        "libyaml names anchors with letters, digits, - and _ only":
            ["2SXE", "8XYN", "W5VH", "Y2GN"],
        "libyaml ends a document differently after `...` or without indentation":
            ["7Z25", "DK3J", "FP8R", "M7A3", "HWV9", "QT73", "W4TN"],
        "libyaml takes a comment without a blank before it":
            ["9JBA", "CVW2", "SU5Z", "X4QW"],
        "libyaml is lenient with indentation and dashes in flow":
            ["9C9N", "QB6E", "S98Z", "G5U8", "YJV2"],
        "libyaml cuts blanks at the end of the text differently":
            ["JEF9/2", "L24T/1"],
    ]

    @Test func `every case is read as expected but the known differences`() throws {
        let known = Set(Self.differences.values.joined())
        var ran = 0
        var differing: Set<String> = []
        for one in try Self.cases() where one.json != nil || one.mustFail {
            ran += 1
            if let difference = try Self.difference(one) {
                differing.insert(one.id)
                if !known.contains(one.id) { Issue.record("\(one.id): \(difference)") }
            }
        }
        #expect(ran > 300)
        for id in known.sorted() where !differing.contains(id) {
            Issue.record("\(id) is read as expected: take it out of the table")
        }
    }

    /// What is not as expected; nil where all is.
    static func difference(_ one: Case) throws -> String? {
        let (nodes, findings) = read(one.yaml)
        let errors = findings.filter { !$0.contains(" warning ") }
        if one.mustFail { return errors.isEmpty ? "accepted" : nil }
        guard errors.isEmpty else { return "refused: \(errors)" }
        let expected = try values(one.json ?? "").map(plain)
        let found = nodes.map { plain($0.jsonValue) }
        return found == expected
            ? nil : "read as \(found.map(\.jsonText)), expected \(expected.map(\.jsonText))"
    }

    /// The values of several JSON texts after each other.
    static func values(_ text: String) throws -> [JSONValue] {
        var left = [UInt8](text.utf8)
        var values: [JSONValue] = []
        while !left.allSatisfy({ $0 <= 0x20 }) {
            do {
                values.append(try JSONValue.parse(left))
                left = []
            } catch {
                guard error.reason == .trailingBytes else { throw error }
                values.append(try JSONValue.parse(Array(left[..<error.offset])))
                left.removeFirst(error.offset)
            }
        }
        return values
    }

    /// Numbers by value: the suite writes `1e3` as `1000.0`.
    static func plain(_ value: JSONValue) -> JSONValue {
        switch value {
        case .number(let number): return .string("number \(number.double)")
        case .integer(let integer): return .string("number \(Double(integer))")
        case .array(let items): return .array(items.map(plain))
        case .object(let object):
            var plainObject = JSONObject()
            for member in object.members { plainObject[member.name] = plain(member.value) }
            return .object(plainObject)
        default: return value
        }
    }

    /// All cases; where a file has several, each takes what it leaves out from the one before.
    static func cases() throws -> [Case] {
        var cases: [Case] = []
        for (name, bytes) in try dataFiles("yaml-test-suite") where name.hasSuffix(".yaml") {
            let diagnostics = Diagnostics()
            let documents = YAMLReader.read(bytes, file: name, diagnostics: diagnostics)
            guard !diagnostics.hasErrors, case .list(let nodes) = documents.first?.content else {
                Issue.record("\(name): \(diagnostics.all.map(brief))")
                continue
            }
            var last = Case(id: "", yaml: "", json: nil, mustFail: false)
            for (index, node) in nodes.enumerated() {
                if let yaml = node["yaml"]?.scalarText { last.yaml = unescaped(yaml) }
                last.mustFail = node["fail"] != nil
                if let json = node["json"] { last.json = json.scalarText }
                let base = name.dropLast(5)
                last.id = nodes.count == 1 ? String(base) : "\(base)/\(index)"
                if node["skip"] == nil { cases.append(last) }
            }
        }
        return cases
    }

    /// The suite's marks for what is invisible, as its ReadMe lists them.
    static func unescaped(_ text: String) -> String {
        var text = text.replacing("␣", with: " ").replacing("↵", with: "")
        for mark in ["————»", "———»", "——»", "—»", "»"] { text = text.replacing(mark, with: "\t") }
        text = text.replacing("⇔", with: "\u{FEFF}").replacing("←", with: "\r")
        if text.hasSuffix("∎\n") { text.removeLast(2) }
        return text
    }
}
