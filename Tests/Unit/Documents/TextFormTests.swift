import Documents
import JSONWire
import Primitives
import Testing

@Suite struct DurationTextTests {
    @Test(arguments: [
        ("5m", 300_000), ("1h30m", 5_400_000), ("250ms", 250), ("2d", 172_800_000), ("30", 30_000),
        ("1.5", 1_500), ("0.25", 250), ("1.5h", 5_400_000), ("0", 0), ("0s", 0),
        ("1d2h3m4s5ms", 93_784_005),
        ("1:30", 90_000), ("1:00:00", 3_600_000), ("0:0.5", 500), ("1000us", 1), ("3000000ns", 3),
        ("5000µs", 5),
    ])
    func `durations are read`(_ text: String, _ milliseconds: Int64) {
        #expect(DurationText.parse(text) == .milliseconds(milliseconds))
    }

    @Test(arguments: [
        "", " ", "m", "5x", "5m ", " 5m", "-5s", "+5", "5 m", "1h30", "1.2.3", ".", "5.", ".5",
        "1e3", "1:2:3:4",
        ":", "1:", "5M", "٣s", "99999999999999999999", "300y", "107000d", "9223372037s",
    ])
    func `what is no duration is refused`(_ text: String) {
        #expect(DurationText.parse(text) == nil)
    }

    @Test(
        arguments: [
            ("1000", .milliseconds(.seconds(1))), ("300000", .milliseconds(.seconds(300))),
            ("1500.5", .milliseconds(Nanoseconds(1_500_500_000))), ("999", .ambiguous),
            ("999.9", .ambiguous),
            ("5000ms", .duration(.seconds(5))), ("30s", .duration(.seconds(30))),
            ("0", .duration(.seconds(0))),
            ("x", .malformed), ("99999999999999", .malformed),
        ] as [(String, DurationText.Reading)]
    )
    func `a bare number may be the documents' milliseconds`(
        _ text: String,
        _ expected: DurationText.Reading
    ) {
        #expect(DurationText.read(text, bareNumber: .documentMilliseconds) == expected)
    }

    @Test(arguments: ["5m", "1h30m", "250ms", "2d", "1s500ms", "1us", "3ns"])
    func `durations are spelled as they are read`(_ text: String) throws {
        #expect(DurationText.spell(try #require(DurationText.parse(text))) == text)
    }
}

@Suite struct SizeTextTests {
    @Test(arguments: [
        ("0", 0), ("1024", 1024), ("64MiB", 64 << 20), ("1MB", 1_000_000), ("512KiB", 512 << 10),
        ("2G", 2 << 30),
        ("1 GiB", 1 << 30), ("1.5KiB", 1536), ("10b", 10), ("3tb", 3_000_000_000_000),
        ("0.5MB", 500_000),
    ])
    func `sizes are read`(_ text: String, _ bytes: Int) {
        #expect(SizeText.parse(text) == bytes)
    }

    @Test(arguments: [
        "", "MiB", "-1", "1XB", "1 2", "1.2.3MB", "1.5", "1.MB", ".5MB", "1  MB",
        "99999999999999999999", "9999999999TB",
        "1MiBx", "0x10", "٣MB",
    ])
    func `what is no size is refused`(_ text: String) {
        #expect(SizeText.parse(text) == nil)
    }

    @Test(arguments: [
        (0, "0"), (1000, "1000"), (1024, "1KiB"), (64 << 20, "64MiB"), (1 << 40, "1TiB"),
        (1536, "1536"),
    ])
    func `sizes are spelled in the largest unit`(_ bytes: Int, _ text: String) {
        #expect(SizeText.spell(bytes) == text)
    }
}

@Suite struct NearestNameTests {
    static let names = [
        "port", "path", "host", "timeout", "max_body_size", "identify_by", "id", "callbacks",
    ]

    @Test(
        arguments: [
            ("prot", "port"), ("Port", "port"), ("time-out", "timeout"), ("tiemout", "timeout"),
            ("timeot", "timeout"),
            ("maxbodysize", "max_body_size"), ("max_boddy_siez", "max_body_size"),
            ("identifyBy", "identify_by"),
            ("ID", "id"), ("callback", "callbacks"), ("calbaks", "callbacks"), ("hots", "host"),
            ("zzz", nil), ("x", nil), ("", nil), ("prx", nil), ("idd", nil),
            ("completely_else", nil),
            (String(repeating: "p", count: 100), nil),
        ] as [(String, String?)]
    )
    func `the name that was meant is found`(_ name: String, _ expected: String?) {
        #expect(NearestName.suggest(name, among: Self.names) == expected)
    }
}

@Suite struct NodeTests {
    @Test(arguments: [
        (
            "{a: 1, b: {c: 2, d: 3}}", "{b: {d: 4, e: 5}, f: 6}",
            #"{"a":1,"b":{"c":2,"d":4,"e":5},"f":6}"#
        ),
        ("[1, 2]", "[3]", "[3]"),
        (
            "[{id: a, x: 1}, {id: b}]", "[{id: b, y: 2}, {id: c}]",
            #"[{"id":"a","x":1},{"id":"b","y":2},{"id":"c"}]"#
        ),
        ("[{id: a}]", "[{x: 1}]", #"[{"x":1}]"#),
        ("[{id: 1, v: 1}]", "[{id: '1', v: 2}]", #"[{"id":"1","v":2}]"#),
        ("[{id: a}]", "[]", "[]"), ("{a: [1]}", "{a: }", #"{"a":null}"#),
        ("1", "{a: 1}", #"{"a":1}"#),
    ])
    func `documents are merged`(_ under: String, _ over: String, _ expected: String) throws {
        let under = try #require(read(under).nodes.first)
        let over = try #require(read(over).nodes.first)
        #expect(under.merging(over).jsonValue.jsonText == expected)
    }

    @Test func `merged values keep the place that wrote them`() throws {
        let under = try #require(read("a: 1\nb: 2", file: "one").nodes.first)
        let over = try #require(read("\nb: 3", file: "two").nodes.first)
        let merged = under.merging(over)
        #expect(merged["a"]?.position.description == "one:1:4")
        #expect(merged["b"]?.position.description == "two:2:4")
    }
}
