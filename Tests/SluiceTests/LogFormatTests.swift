import Primitives
import Sluice
import Testing

@Suite struct LogFormatTests {
    private static let record = LogRecord(
        time: WallTime(milliseconds: 0),
        level: .info,
        message: "Step\ncompleted",
        fields: [.init("task_id", "t-1"), .init("error", "two words \"quoted\"\n")]
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
                + #"error="two words \"quoted\"\n""# + "\n"
        )
    }

    @Test func `a JSON line is one object`() {
        #expect(
            Self.line(.json)
                == #"{"time":"1970-01-01T00:00:00.000Z","level":"info","message":"Step\ncompleted","#
                + #""task_id":"t-1","error":"two words \"quoted\"\n"}"# + "\n"
        )
    }
}
