import Outbound
import Testing

@Suite struct URLPartsTests {
    @Test func `a URL is taken apart`() throws {
        let url = try URLParts(parsing: "HTTPS://u%40x:p@Example.com:8443/a%20b/c?q=1&r=%26#end")
        #expect(url.scheme == "https")
        #expect(url.user == "u%40x")
        #expect(url.password == "p")
        #expect(url.host.lowercased() == "example.com")
        #expect(url.port == 8443)
        #expect(url.path == "/a%20b/c")
        #expect(url.query == "q=1&r=%26")
        #expect(url.fragment == "end")
        #expect(url.withoutUser.text.hasSuffix("8443/a%20b/c?q=1&r=%26#end"))
        #expect(!url.withoutUser.text.contains("@"))
    }

    @Test(arguments: [
        ("http://h", "http://h/"), ("http://h/?", "http://h/?"),
        ("http://[::1]:80/x", "http://[::1]:80/x"),
        ("http://h/a b", "http://h/a%20b"), ("http://h/a/../b/./c", "http://h/b/c"),
        ("https://u@h/", "https://u@h/"), ("http://h/ü", "http://h/%c3%bc"),
    ])
    func `the parts go together again`(_ text: String, _ expected: String) throws {
        let url = try URLParts(parsing: text)
        #expect(
            url.text == expected
                || url.text == String(expected.dropLast(expected.hasSuffix("?") ? 1 : 0))
        )
        #expect(try URLParts(parsing: url.text) == url)
    }

    @Test(arguments: [
        ("/c", "http://h:1/c"), ("c", "http://h:1/a/c"), ("../c", "http://h:1/c"),
        ("?x", "http://h:1/a/b?x"),
        ("//other/z", "http://other/z"), ("https://s/", "https://s/"),
    ])
    func `a reference is resolved`(_ reference: String, _ expected: String) throws {
        let base = try URLParts(parsing: "http://h:1/a/b?q")
        #expect(try base.resolving(reference).text == expected)
    }

    @Test(arguments: [
        ("http://h/", "http://h:80"), ("https://H/", "https://h:443"),
        ("http://h:8080/", "http://h:8080"),
    ])
    func `an origin always has its port`(_ text: String, _ expected: String) throws {
        #expect(try URLParts(parsing: text).origin == expected)
    }

    @Test(arguments: [
        "", "http://", "http://h:x/", "http://h:65536/", "http://a b/", "\u{1}", "http://h/\u{0}",
    ])
    func `what is no URL is refused`(_ text: String) {
        #expect(throws: OutboundError.self) { try URLParts(parsing: text) }
    }

    @Test func `a query takes names and values`() throws {
        var url = try URLParts(parsing: "http://h/p?a=1")
        url.addQuery([("b c", "ü&="), ("d", "")])
        #expect(url.text == "http://h/p?a=1&b%20c=%C3%BC%26%3D&d=")
        #expect(URLParts.percentEncode("aZ09-._~ /?%") == "aZ09-._~%20%2F%3F%25")
    }
}
