import Configuration
import Primitives
import Testing

@Suite struct LogFormatTests {
    private static let record = LogRecord(
        time: WallTime(milliseconds: 0),
        level: .info,
        message: "Step\ncompleted",
        fields: [
            .init("task_id", "t-1"), .init("error", "two words \"quoted\"\n"),
            .init("attempt", 2), .init("key", "77"), .init("most", UInt64.max),
        ]
    )

    private static func line(_ format: LogFormat) -> String {
        var bytes: [UInt8] = []
        format.append(record, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `a text line stays one line`() {
        #expect(
            Self.line(.text)
                == "1970-01-01T00:00:00.000Z info    Step completed task_id=t-1 "
                + #"error="two words \"quoted\"\n" attempt=2 key=77 most=18446744073709551615"#
                + "\n"
        )
    }

    @Test func `nothing in a text line steers a terminal`() {
        var bytes: [UInt8] = []
        let record = LogRecord(
            time: WallTime(milliseconds: 0),
            level: .info,
            message: "a\u{9b}2Jb\u{202e}",
            fields: [.init("key", "\u{1b}]0;x\u{7}\u{85}"), .init("name", "é\u{2028}")]
        )
        LogFormat.text.append(record, to: &bytes)
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == #"1970-01-01T00:00:00.000Z info    a\u009b2Jb\u202e key="\u001b]0;x\u0007\u0085" name="é\u2028""#
                + "\n"
        )
    }

    @Test func `a JSON line is one object, in which counts are numbers and texts stay texts`() {
        #expect(
            Self.line(.json)
                == #"{"time":"1970-01-01T00:00:00.000Z","level":"info","message":"Step\ncompleted","#
                + #""task_id":"t-1","error":"two words \"quoted\"\n","attempt":2,"key":"77","#
                + #""most":"18446744073709551615"}"# + "\n"
        )
    }
}
