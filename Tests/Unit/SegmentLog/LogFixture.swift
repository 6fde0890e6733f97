import SegmentLog

/// What tests open logs with.
enum LogFixture {
    /// Small segments: seven blocks for records each.
    static func settings(segmentBlocks: Int = 8) -> LogSettings {
        var settings = LogSettings()
        settings.segmentBytes = segmentBlocks * 4096
        settings.batchBytesMax = 16384
        settings.sizeBytesMax = UInt64(settings.segmentBytes * 64)
        return settings
    }

    /// A text that begins with a number, and is longer by this many bytes.
    static func text(_ number: Int, bytes: Int) -> String {
        String(
            decoding: Array("\(number) ".utf8) + [UInt8](repeating: 0x72, count: bytes),
            as: UTF8.self
        )
    }

    /// A record with this text.
    static func batch(_ texts: String...) -> LogBatch {
        var batch = LogBatch()
        for text in texts { batch.append(Array(text.utf8).span) }
        return batch
    }
}

/// A log, its events, and what it read at the start.
struct OpenLog {
    let log: SegmentLog
    let events = EventTracker()
    private(set) var records: [UInt64: [UInt8]] = [:]

    /// Opens the log on `disk`.
    init(
        _ disk: any LogFileSystem,
        _ settings: LogSettings = LogFixture.settings(),
        after: UInt64? = nil
    ) throws(LogError) {
        var found: [UInt64: [UInt8]] = [:]
        let events = events
        log = try SegmentLog(settings: settings, files: disk, after: after) { sequence, record in
            found[sequence] = unsafe record.withUnsafeBufferPointer { part in unsafe Array(part) }
            return true
        } onEvent: {
            events.hear($0)
        }
        records = found
    }

    /// The records as texts, in order.
    var texts: [String] {
        records.sorted { $0.key < $1.key }.map { String(decoding: $0.value, as: UTF8.self) }
    }

    /// Appends records and waits until they are committed or the log has failed.
    func commit(_ texts: String...) throws(LogError) {
        for text in texts { events.wait(for: try log.append(LogFixture.batch(text))) }
    }
}
