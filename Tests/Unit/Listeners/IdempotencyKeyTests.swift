import Testing

@testable import Listeners

@Suite struct IdempotencyKeyTests {
    private static let uuid = "8e03978e-40d5-43dd-bc93-6894a57f9324"

    @Test(arguments: [
        (#""abc""#, "abc"),
        (#""a b, c;d=e""#, "a b, c;d=e"),
        (#""say \"hi\" \\ bye""#, #"say "hi" \ bye"#),
        (#"" ""#, " "),
        (#""abc";v"#, "abc"),
        (#""abc";v=1; *k-2.x_*=?0;c=:YQ==:;t="a;\"b""#, "abc"),
        ("\"\(String(repeating: "k", count: 1024))\"", String(repeating: "k", count: 1024)),
        (uuid, uuid),
        ("\(uuid)/charge[1]", "\(uuid)/charge[1]"),
        ("abc", "abc"), ("123", "123"), ("?1", "?1"), (":YWJj:", ":YWJj:"), ("'abc'", "'abc'"),
        (#"abc""#, #"abc""#), (#"a\b"#, #"a\b"#), (#"("a")"#, #"("a")"#),
        ("a b, c;d=e", "a b, c;d=e"),
        ("clé/é", "clé/é"),
        (String(repeating: "k", count: 1024), String(repeating: "k", count: 1024)),
    ]) func `a text is a key as it stands and in double quotes`(_ field: String, _ key: String) {
        #expect(IdempotencyKey(field: field)?.text == key)
    }

    @Test(arguments: ["abc", "order-17", "a/b?c=d&e", "x y"])
    func
        `both spellings of a text are one key`(_ text: String)
    {
        #expect(IdempotencyKey(field: text) == IdempotencyKey(field: "\"\(text)\""))
    }

    @Test(arguments: [
        "", #""""#, #"""#, #""abc"#,
        #""a"b""#, #""a" "b""#, #""a", "b""#, #""a\b""#, #""a\"#, "\"a\u{1}\"", "\"\u{7F}\"",
        "\"é\"", #""abc";"#, #""abc";V=1"#, #""abc";v="#, #""abc";v="x"#, #""abc"v"#,
        #""abc";v=a b"#, "\"\(String(repeating: "k", count: 1025))\"",
        "a\u{1}", "a\tb", "\u{7F}", "a\u{85}b", "a\u{FFFD}", String(repeating: "k", count: 1025),
    ]) func `nothing else is`(_ field: String) {
        #expect(IdempotencyKey(field: field) == nil)
    }
}
