import Configuration
import Primitives
import TestKit

/// Keeps what a server logs, as the lines it would write.
final class LogLines: Sendable {
    private let kept = Watched<[LogRecord]>([])

    /// The log to give to a server; it takes every level.
    var log: Log { Log(level: .debug) { [kept] record in kept.withLock { $0.append(record) } } }

    /// Every record so far.
    var records: [LogRecord] { kept.withLock { $0 } }

    /// Every line so far, in both formats, one after another.
    var text: String {
        var bytes: [UInt8] = []
        for record in records {
            for format in LogFormat.allCases { format.append(record, to: &bytes) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Waits for a record whose message begins with a text.
    func wait(for beginning: String) throws -> LogRecord {
        let found = kept.wait(until: .standard) { records in
            records.first { $0.message.hasPrefix(beginning) }
        }
        guard let found else { throw KitError.deadlinePassed(doing: "waiting for \(beginning)") }
        return found
    }
}

extension LogRecord {
    /// The value of a field; nil where the record has none of this name.
    subscript(name: String) -> String? {
        fields.first { $0.name == name }?.value
    }
}
