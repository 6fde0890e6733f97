import JSONWire
import Testing

@Suite struct JSONScannerTests {
    @Test(
        arguments: [
            ("", .unexpectedEnd, 0), ("  ", .unexpectedEnd, 2), ("\u{FEFF}", .unexpectedEnd, 3),
            ("[1", .unexpectedEnd, 2), ("[1,", .unexpectedEnd, 3), ("{", .unexpectedEnd, 1),
            ("{\"a", .unexpectedEnd, 3), ("{\"a\"", .unexpectedEnd, 4),
            ("{\"a\":", .unexpectedEnd, 5), ("{\"a\":1,", .unexpectedEnd, 7),
            ("\"a\\", .unexpectedEnd, 3), ("\"\\u12", .unexpectedEnd, 5), ("-", .unexpectedEnd, 1),
            ("1.", .unexpectedEnd, 2), ("1e+", .unexpectedEnd, 3),
            ("[1,]", .unexpectedByte, 3), ("[,1]", .unexpectedByte, 1),
            ("{1:2}", .unexpectedByte, 1),
            ("{\"a\",1}", .unexpectedByte, 4), ("{\"a\":1,}", .unexpectedByte, 7),
            ("[1}", .unexpectedByte, 2), ("{\"a\":1]", .unexpectedByte, 6),
            ("'a'", .unexpectedByte, 0),
            ("[1\u{0B}]", .unexpectedByte, 2), ("]", .unexpectedByte, 0),
            ("tru", .badLiteral, 0), ("[nul]", .badLiteral, 1), ("True", .unexpectedByte, 0),
            ("01", .badNumber, 1), ("-a", .badNumber, 1), ("1.e1", .badNumber, 2),
            ("1ex", .badNumber, 2), ("+1", .unexpectedByte, 0), (".5", .unexpectedByte, 0),
            ("\"a\tb\"", .controlCharacter, 2), ("\"\\x\"", .badEscape, 1),
            ("\"\\u12g4\"", .badEscape, 1),
            ("1 2", .trailingBytes, 2), ("{} x", .trailingBytes, 3), ("1,", .trailingBytes, 1),
        ] as [(String, JSONError.Reason, Int)]
    )
    func `a refusal says why and where`(_ text: String, _ reason: JSONError.Reason, _ at: Int) {
        let outline = Scanners().outline([UInt8](text.utf8))
        #expect(outline == .error(JSONError(reason, at: at)))
    }

    @Test(
        arguments: [
            [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x41], [0xE0, 0x9F, 0x80],
            [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xE2, 0x82], [0xF0, 0x8F, 0xBF, 0xBF],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xF0, 0x9F, 0x98], [0xFF], [0xFE],
        ] as [[UInt8]]
    )
    func `bytes that are not UTF-8 are refused wherever they stand`(_ bad: [UInt8]) {
        let scanners = Scanners()
        for before in 0...40 {
            let lead = [UInt8](repeating: 0x61, count: before)
            let text = [0x22] + lead + bad + [0x22]
            #expect(scanners.outline(text) == .error(JSONError(.badUTF8, at: before + 1)))
        }
    }

    @Test func `every character of Unicode is taken in a string`() throws {
        var text = "\""
        for value in 0x20...0x10FFFF {
            guard let scalar = Unicode.Scalar(UInt32(value)), scalar != "\"", scalar != "\\" else {
                continue
            }
            text.unicodeScalars.append(scalar)
        }
        let expected = String(text.dropFirst())
        text += "\""
        #expect(try JSONValue.parse(text).string?.utf8.elementsEqual(expected.utf8) == true)
        let outline = Scanners().outline([UInt8](text.utf8))
        #expect(outline == .values([.init(kind: .string, range: 0..<text.utf8.count)]))
    }

    @Test func `special bytes are found at every place of a block`() {
        let scanners = Scanners()
        for count in 0...70 {
            for place in 0..<count {
                for special in ["\\n", "é", "😀", "€"] {
                    let text =
                        "\"" + String(repeating: "x", count: place) + special
                        + String(repeating: "y", count: count - place) + "\""
                    let bytes = [UInt8](text.utf8)
                    #expect(
                        scanners.outline(bytes)
                            == .values([.init(kind: .string, range: 0..<bytes.count)])
                    )
                }
            }
        }
    }

    @Test func `white space of every length is gone over`() {
        let scanners = Scanners()
        for count in 0...70 {
            let blank = String(
                (0..<count).map { Array(" \n\r\t")[$0 % 4] }.map { Character(String($0)) }
            )
            let text =
                "\(blank)[\(blank)1\(blank),\(blank){\(blank)\"a\"\(blank):\(blank)2\(blank)}\(blank)]\(blank)"
            guard case .values(let parts) = scanners.outline([UInt8](text.utf8)) else {
                Issue.record("refused with \(count) blanks")
                continue
            }
            #expect(parts.count == 5)
        }
    }

    @Test func `depth is bounded`() {
        let nested = { (depth: Int) in
            [UInt8](repeating: 0x5B, count: depth) + [UInt8](repeating: 0x5D, count: depth)
        }
        guard case .values = Scanners().outline(nested(512)) else {
            Issue.record("512 refused")
            return
        }
        #expect(Scanners().outline(nested(513)) == .error(JSONError(.tooDeep, at: 512)))
        #expect(Scanners(depthMax: 0).outline(nested(1)) == .error(JSONError(.tooDeep, at: 0)))
    }

    @Test func `a BOM is skipped and counted in offsets`() throws {
        try withRoot("\u{FEFF}[1]") { #expect($0.rawRange == 3..<6) }
        #expect(Scanners().outline([0xEF, 0xBB]) == .error(JSONError(.unexpectedByte, at: 0)))
    }

    @Test func `a scanner is used again after success and failure`() throws {
        let scanner = JSONScanner()
        for count in [3, 100_000, 1, 500_000, 7] {
            let text = "[" + Array(repeating: "1", count: count).joined(separator: ",") + "]"
            let read = scanner.read([UInt8](text.utf8).span) { try? $0.get().root.count }
            #expect(read == count)
            let failed = scanner.read([UInt8]("[".utf8).span) { try? $0.get().root.count }
            #expect(failed == nil)
        }
    }

    @Test func `an element used after its closure stops the program`() async {
        await #expect(processExitsWith: .failure) {
            let scanner = JSONScanner()
            let kept = scanner.read([UInt8]("[1]".utf8).span) { try? $0.get().root }
            print(kept?.kind as Any)
        }
    }

    @Test func `a scanner reads one text at a time`() async {
        await #expect(processExitsWith: .failure) {
            let scanner = JSONScanner()
            scanner.read([UInt8]("[1]".utf8).span) { _ in
                scanner.read([UInt8]("[1]".utf8).span) { _ in }
            }
        }
    }

    @Test func `messages name the place and no content`() {
        let reasons: [JSONError.Reason] = [
            .unexpectedEnd, .unexpectedByte, .badLiteral, .badNumber, .controlCharacter, .badEscape,
            .badUTF8, .tooDeep, .trailingBytes,
        ]
        for reason in reasons { #expect(JSONError(reason, at: 17).message.contains("byte 17")) }
        #expect(JSONError(.tooLarge, at: 0).message == "the JSON text is 4 GiB or larger")
    }
}
