import HTTPWire
import Testing

@Suite struct FormTextTests {
    @Test(
        arguments: [
            ("a=1&b=two+words&c=%2Fx%26", ["a": "1", "b": "two words", "c": "/x&"]),
            ("", [:]), ("&&a", ["a": ""]), ("k=%F0%9F%98%80", ["k": "😀"]),
        ] as [(String, [String: String])]
    )
    func `pairs are decoded`(_ form: String, _ expected: [String: String]) {
        let pairs = FormText.pairs(Array(form.utf8).span)
        let map = Dictionary(pairs.map { ($0.name, $0.value) }) { $1 }
        #expect(map == expected)
    }

    @Test(
        arguments: [
            ("a=%", "%"), ("a=%G1", "%G1"), ("a=91%+and+100%25", "91% and 100%"), ("a=%4", "%4"),
            ("a=%FF", "\u{FFFD}"), ("a=%ED%A0%80x", "\u{FFFD}\u{FFFD}\u{FFFD}x"), ("a=%00", "\0"),
            ("\u{FEFF}a=1", "1"), ("a=b=c", "b=c"),
        ]
    )
    func `every form has pairs`(_ form: String, _ value: String) {
        let pairs = FormText.pairs(Array(form.utf8).span)
        #expect(pairs.map(\.name) == ["a"] && pairs.map(\.value) == [value])
    }

    @Test(
        arguments: [
            ("windows-1252", "%80+%E9", "€ é"), ("ISO-8859-1", "%80+%E9", "€ é"),
            ("iso-8859-2", "%B1", "ą"), ("ISO-8859-15", "%A4", "€"), ("koi8-r", "%C4%C1", "да"),
            ("windows-1251", "%C4%E0", "Да"), ("gbk", "%C4%E3%BA%C3", "你好"),
            ("gb2312", "%C4%E3", "你"), ("Shift_JIS", "%93%FA%96%7B", "日本"),
            ("EUC-JP", "%C6%FC", "日"), ("euc-kr", "%C7%D1", "한"), ("big5", "%A7A", "你"),
            ("gbk", "%C4", "\u{FFFD}"),
            ("utf-8", "%E9", "\u{FFFD}"),
        ]
    )
    func `a form is read in the encoding it names`(_ label: String, _ sent: String, _ text: String)
    {
        let charset = Charset(label: label)
        #expect(charset != nil)
        let declared = FormText.pairs(Array("a=\(sent)".utf8).span, charset: charset)
        #expect(declared.map(\.value) == [text])
        let named = FormText.pairs(Array("_charset_=\(label)&a=\(sent)".utf8).span)
        #expect(named.last?.value == text)
        let field = FormText.pairs(Array("a=\(sent)&charset=\(label)".utf8).span)
        #expect(field.first?.value == text)
    }

    @Test func `a field charset says nothing where the form is UTF-8`() {
        let pairs = FormText.pairs(Array("charset=windows-1252&a=%C3%A9".utf8).span)
        #expect(pairs.last?.value == "é")
    }

    @Test func `every label names an encoding that is installed here or becomes U+FFFD`() {
        for charset in Charset.allCases {
            #expect(Charset(label: charset.rawValue) == charset)
            let isWide = charset == .utf16BE || charset == .utf16LE
            #expect(isWide || charset.decode(Array("abc".utf8)) == "abc", "\(charset)")
            #expect(!charset.decode([0xFF, 0x80, 0x41]).isEmpty)
        }
        #expect(Charset(label: "no such thing") == nil)
    }
}
