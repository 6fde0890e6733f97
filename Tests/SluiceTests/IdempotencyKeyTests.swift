import Testing

@testable import Sluice

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
    ]) func `a text in quotes, or a bare UUID, is a key`(_ field: String, _ key: String) {
        #expect(IdempotencyKey(field: field)?.text == key)
    }

    @Test(arguments: [
        "", " ", "abc", "123", "?1", ":YWJj:", #""""#, #"""#, #""abc"#, #"abc""#, #"'abc'"#,
        #""a"b""#, #""a" "b""#, #""a", "b""#, #""a\b""#, #""a\"#, "\"a\u{1}\"", "\"\u{7F}\"",
        "\"é\"", #"("a")"#, #""abc";"#, #""abc";V=1"#, #""abc";v="#, #""abc";v="x"#, #""abc"v"#,
        #""abc";v=a b"#, "\"\(String(repeating: "k", count: 1025))\"", "\(uuid)x",
        "\(uuid), \(uuid)", "\(uuid);a=1", "\(uuid)/a b", "\(uuid)/é", String(uuid.dropLast()),
    ]) func `nothing else is`(_ field: String) {
        #expect(IdempotencyKey(field: field) == nil)
    }
}
