import HTTPWire
import Testing

@Suite struct MultipartTests {
    private static let boundary = Array("XyZ".utf8)

    private static func parts(
        _ body: String,
        max: Int = 10
    ) throws(Multipart.Failure)
        -> [Multipart.Part]
    {
        try Multipart.parts(of: Array(body.utf8), boundary: boundary, partsMax: max)
    }

    @Test func `fields and files are read in their order`() throws {
        let parts = try Self.parts(
            "preamble\r\n--XyZ\r\nContent-Disposition: form-data; name=\"task_id\"\r\n\r\nt-1\r\n"
                + "--XyZ\r\ncontent-disposition: form-data; name=\"log\"; filename=\"a;b.txt\"\r\n"
                + "Content-Type: text/plain\r\n\r\nline 1\r\nline 2\r\n--XyZ--\r\nepilogue"
        )
        #expect(parts.map { $0.name() } == ["task_id", "log"])
        #expect(parts.map { $0.filename() } == [nil, "a;b.txt"])
        #expect(parts.map(\.contentType) == [nil, "text/plain"])
        #expect(
            parts.map { String(decoding: $0.bytes, as: UTF8.self) } == ["t-1", "line 1\r\nline 2"]
        )
    }

    @Test(
        arguments: [
            (#"name="a\"b;c""#, #"a"b;c"#), (#"name="a%22b""#, #"a"b"#), ("name=a", "a"),
            (#"name="a%0D%0Ab""#, "a\r\nb"), (#"name="100%25""#, "100%25"),
            (#"name="a\\b""#, #"a\b"#),
            (#"name="C:\dir\a""#, #"C:\dir\a"#), (#"NAME = "x y" ; foo=1"#, "x y"),
            (#"name="é""#, "é"),
            (#"name="open"#, "open"), (#"name="""#, ""),
        ]
    )
    func `a name is read as clients write it`(_ parameter: String, _ name: String) throws {
        let parts = try Self.parts(
            "--XyZ\r\nContent-Disposition: form-data; \(parameter)\r\n\r\n1\r\n--XyZ--"
        )
        #expect(parts.map { $0.name() } == [name])
    }

    @Test func `an extended file name is decoded`() throws {
        let parts = try Self.parts(
            "--XyZ\r\nContent-Disposition: form-data; name=f; filename=\"x.txt\"; "
                + "filename*=UTF-8''%e2%82%ac.txt\r\n\r\n1\r\n--XyZ--"
        )
        #expect(parts.map { $0.filename() } == ["€.txt"])
    }

    @Test func `an empty part is an empty text`() throws {
        let parts = try Self.parts(
            "--XyZ\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n--XyZ--"
        )
        #expect(parts.map(\.bytes) == [[]])
    }

    @Test(arguments: [
        ("", "no boundary was found"),
        ("--XyZ", "no line end follows the boundary that ends at byte 5"),
        ("--XyZ\r\n\r\nx", "no boundary follows the part that begins at byte 7"),
        (
            "--XyZ\r\nContent-Disposition: form-data; name=a\r\n--XyZ--",
            "part 1, at byte 7, has no end of its header"
        ),
        ("--XyZ\r\nContent-Type: text/plain\r\n\r\nx\r\n--XyZ--", "part 1, at byte 7, has no name"),
    ])
    func `a body that breaks its promise is refused`(_ body: String, _ reason: String) {
        #expect(throws: Multipart.Failure.malformed(reason)) { try Self.parts(body) }
    }

    @Test func `more parts than allowed are refused`() {
        let part = "--XyZ\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n"
        #expect(throws: Multipart.Failure.tooManyParts(limit: 2)) {
            try Self.parts(part + part + part + "--XyZ--", max: 2)
        }
    }

    @Test func `every truncation is refused or read, never a trap`() {
        let body = Array(
            "--XyZ\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nv\r\n--XyZ--\r\n".utf8
        )
        var readCount = 0
        for length in 0...body.count {
            let cut = Array(body[..<length])
            do {
                _ = try Multipart.parts(of: cut, boundary: Self.boundary, partsMax: 10)
                readCount += 1
            } catch {
                #expect(error != .tooManyParts(limit: 10))
            }
        }
        #expect(readCount == 3)
    }

    @Test(arguments: [
        ("multipart/form-data; boundary=abc", "abc"),
        ("multipart/form-data; charset=utf-8; Boundary=\"a b\"", "a b"),
        ("multipart/form-data", nil),
        ("multipart/form-data; boundary=", nil),
        ("multipart/form-data; boundary=" + String(repeating: "x", count: 71), nil),
    ])
    func `the boundary is what the content type names`(_ text: String, _ boundary: String?) {
        #expect(Multipart.boundary(ofContentType: text) == boundary.map { Array($0.utf8) })
    }
}
