import Primitives
import Testing

@Suite struct TerminalTextTests {
    @Test(arguments: [
        ("plain text, é, 中, 🙂", "plain text, é, 中, 🙂"),
        ("\u{1b}]0;title\u{7}", #"\u001b]0;title\u0007"#),
        ("a\r\nb\tc", #"a\r\nb\tc"#),
        (
            "\u{0}\u{8}\u{7f}\u{80}\u{85}\u{9b}2J\u{9f}",
            #"\u0000\u0008\u007f\u0080\u0085\u009b2J\u009f"#
        ),
        ("a\u{202e}b\u{202c}\u{2066}c\u{2069}", #"a\u202eb\u202c\u2066c\u2069"#),
        (
            "a\u{2028}b\u{2029}\u{200b}\u{200e}\u{feff}\u{61c}",
            #"a\u2028b\u2029\u200b\u200e\ufeff\u061c"#
        ),
        (#"back\slash"#, #"back\slash"#),
    ]) func `a line shows what would steer a terminal`(_ text: String, _ shown: String) {
        #expect(TerminalText.line(text) == shown)
    }

    @Test func `a block keeps its lines and tabs`() {
        #expect(TerminalText.block("a\n\tb\r\u{1b}[1m\n") == "a\n\tb\\r\\u001b[1m\n")
    }

    @Test func `no control character of Unicode is left`() {
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let isControl = scalar.properties.generalCategory == .control
            let isDirection = scalar.properties.isBidiControl
            let isSeparator =
                scalar.properties.generalCategory == .lineSeparator
                || scalar.properties.generalCategory == .paragraphSeparator
            guard isControl || isDirection || isSeparator else { continue }
            #expect(TerminalText.isUnsafe(scalar), "U+\(String(value, radix: 16))")
        }
    }
}
