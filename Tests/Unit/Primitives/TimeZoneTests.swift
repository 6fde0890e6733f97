import Primitives
import TestKit
import Testing

/// Time zones, from the files of the machine; GNU date told what is expected.
@Suite struct TimeZoneTests {
    private func zone(_ name: String) throws -> TimeZone {
        try #require(TimeZone(file: Files.bytes("/usr/share/zoneinfo/\(name)")))
    }

    static let moments: [Int64] = [
        -2_000_000_000, -100_000_000, 0, 1_000_000_000, 1_325_200_000, 1_325_240_000,
        1_774_745_999, 1_774_746_000, 1_790_000_000, 1_792_889_999, 1_792_890_000, 2_500_000_000,
        4_102_444_800, 4_118_000_000,
    ]

    /// A zone, and its offset at each of the moments.
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let offsets: [Int64]
        var testDescription: String { name }

        init(_ name: String, _ offsets: [Int64]) {
            self.name = name
            self.offsets = offsets
        }
    }

    @Test(arguments: [
        Row(
            "Europe/Berlin",
            [3600, 3600, 3600, 7200, 3600, 3600, 3600, 7200, 7200, 7200, 3600, 3600, 3600, 7200]
        ),
        Row(
            "America/New_York",
            [
                -18000, -18000, -18000, -14400, -18000, -18000, -14400, -14400, -14400, -14400,
                -14400, -14400, -18000, -14400,
            ]
        ),
        Row(
            "Australia/Sydney",
            [
                36000, 36000, 36000, 36000, 39600, 39600, 39600, 39600, 36000, 39600, 39600, 39600,
                39600, 36000,
            ]
        ),
        Row(
            "Australia/Lord_Howe",
            [
                36000, 36000, 36000, 37800, 39600, 39600, 39600, 39600, 37800, 39600, 39600, 39600,
                39600, 37800,
            ]
        ),
        Row(
            "America/Nuuk",
            [
                -12416, -10800, -10800, -7200, -10800, -10800, -7200, -3600, -3600, -3600, -7200,
                -7200, -7200, -3600,
            ]
        ),
        Row("Europe/Dublin", [-1521, 0, 3600, 3600, 0, 0, 0, 3600, 3600, 3600, 0, 0, 0, 3600]),
        Row(
            "Asia/Kathmandu",
            [
                20476, 19800, 19800, 20700, 20700, 20700, 20700, 20700, 20700, 20700, 20700, 20700,
                20700, 20700,
            ]
        ),
        Row(
            "America/Sao_Paulo",
            [
                -11188, -10800, -10800, -10800, -7200, -7200, -10800, -10800, -10800, -10800,
                -10800, -10800, -10800, -10800,
            ]
        ),
        Row(
            "Pacific/Apia",
            [
                -41216, -39600, -39600, -39600, -36000, 50400, 46800, 46800, 46800, 46800, 46800,
                46800, 46800, 46800,
            ]
        ),
        Row(
            "America/St_Johns",
            [
                -12652, -12600, -12600, -9000, -12600, -12600, -9000, -9000, -9000, -9000, -9000,
                -9000, -12600, -9000,
            ]
        ),
        Row(
            "Asia/Tokyo",
            [
                32400, 32400, 32400, 32400, 32400, 32400, 32400, 32400, 32400, 32400, 32400, 32400,
                32400, 32400,
            ]
        ),
        Row(
            "Etc/GMT-14",
            [
                50400, 50400, 50400, 50400, 50400, 50400, 50400, 50400, 50400, 50400, 50400, 50400,
                50400, 50400,
            ]
        ),
        Row("Africa/Monrovia", [-2588, -2670, -2670, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
    ])
    func `a zone knows its offset at any moment`(_ row: Row) throws {
        let zone = try zone(row.name)
        #expect(Self.moments.map { zone.offset(at: $0) } == row.offsets)
    }

    @Test(arguments: [
        // Berlin skips 02:30 and shows it twice half a year later.
        ("Europe/Berlin", 1_774_751_400, 1_774_747_800),
        ("Europe/Berlin", 1_792_895_400, 1_792_888_200),
        ("Europe/Berlin", 1_774_749_599, 1_774_745_999),
        ("Europe/Berlin", 1_774_753_200, 1_774_746_000),
        ("America/New_York", 1_772_937_000, 1_772_955_000),
        // Half an hour is skipped: 02:15 is 02:45.
        ("Australia/Lord_Howe", 1_791_080_100, 1_791_042_300),
        // 2011-12-30 was no day in Samoa.
        ("Pacific/Apia", 1_325_239_200, 1_325_275_200),
        ("Asia/Tokyo", 1_790_000_000, 1_789_967_600),
        // Behind what is on record, by the rule for all years.
        ("Europe/Berlin", 4_118_000_000, 4_117_992_800),
    ])
    func `a reading of the clocks is one moment, in gaps and overlaps too`(
        name: String,
        reading: Int64,
        moment: Int64
    ) throws {
        #expect(try zone(name).moment(showing: reading) == moment)
    }

    @Test func `damaged files are refused or read, and never trap`() throws {
        let whole = try Files.bytes("/usr/share/zoneinfo/Europe/Berlin")
        var random = SplitMix64(seed: 8536)
        var readCount = 0
        for _ in 0..<5000 {
            var bytes = whole
            for _ in 0...random.below(4) {
                bytes[random.below(bytes.count)] = UInt8(truncatingIfNeeded: random.next())
            }
            if random.below(4) == 0 { bytes.removeLast(random.below(bytes.count)) }
            guard let zone = TimeZone(file: bytes) else { continue }
            readCount += 1
            for moment in Self.moments { _ = zone.moment(showing: moment) }
        }
        #expect(readCount > 0 && readCount < 5000)
    }

    @Test(arguments: ["", "TZif", "no zone at all", String(repeating: "T", count: 70_000)])
    func `what is no zone is refused`(text: String) {
        #expect(TimeZone(file: Array(text.utf8)) == nil)
    }

    @Test(arguments: ["right/Europe/Berlin"])
    func `a zone with leap seconds is refused`(name: String) throws {
        let path = "/usr/share/zoneinfo/\(name)"
        guard Files.exists(path) else { return }
        #expect(TimeZone(file: try Files.bytes(path)) == nil)
    }

    /// A version 2 file without changes on record, whose footer alone counts.
    private func zone(rule: String) -> TimeZone? {
        var block = Array("TZif2".utf8) + Array(repeating: 0, count: 15)
        for count in [0, 0, 0, 0, 1, 4] as [UInt8] { block += [0, 0, 0, count] }
        block += [0, 0, 0, 0, 0, 0] + Array("UTC\0".utf8)
        return TimeZone(file: block + block + Array("\n\(rule)\n".utf8))
    }

    @Test(arguments: [
        ("<+03>-3", 0, 10_800), ("EST5EDT,M3.2.0,M11.1.0", 1_774_746_000, -14_400),
        ("IST-1GMT0,M10.5.0,M3.5.0/1", 1_790_000_000, 3600),
        ("XXX3YYY,J60/0,J300/0", 1_772_323_200, -10_800),
        ("XXX3YYY,J60/0,J300/0", 1_772_334_000, -7200),
        ("XXX3YYY,59/0,299/0", 1_772_334_000, -7200),
        ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 1_774_746_000, -3600), ("", 5, 0),
    ])
    func `the rule for years to come is read in all its forms`(
        rule: String,
        moment: Int64,
        offset: Int64
    ) throws {
        #expect(try #require(zone(rule: rule)).offset(at: moment) == offset)
    }

    @Test(arguments: [
        "X3", "EST", "EST5EDT", "EST5EDT,M3.2.0", "EST5EDT,M13.1.0,M11.1.0",
        "EST5EDT,M3.2.7,M1.1.0",
        "EST5EDT,J0,J5", "EST168", "<+03-3", "EST5,M3.2.0,M11.1.0", "EST5EDT,M3.2.0,M11.1.0x",
    ])
    func `a rule that is none is refused`(rule: String) {
        #expect(zone(rule: rule) == nil)
    }
}
