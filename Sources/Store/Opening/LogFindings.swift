package import Primitives
package import SegmentLog

/// What was wrong with a log that could be opened, for people.
package struct LogFindings {
    private let report: LogReport
    private let storedThrough: UInt64

    /// Takes what was found, and up to which number the store had everything already.
    package init(_ report: LogReport, storedThrough: UInt64) {
        self.report = report
        self.storedThrough = storedThrough
    }

    /// Writes a warning for each finding.
    package func tell(_ log: Log) {
        for gap in report.damaged {
            log(
                .warning,
                "A part of the log cannot be read and is passed over: the store has what was in it",
                [.init("reason", gap.reason)] + Self.fields(gap)
            )
        }
        if let torn = report.torn {
            log(
                .warning,
                "The end of the log cannot be read and is cut off: \(Self.twoCauses)",
                [.init("record", torn.sequence)] + Self.fields(torn)
            )
        }
        if report.segments > 0, report.nextSequence <= storedThrough {
            log(
                .warning,
                "The log ends before the store, which is normal only after a power cut with durability: relaxed: "
                    + "what came after the store's last record is lost",
                [
                    .init("log_ends", report.nextSequence - 1),
                    .init("store_ends", storedThrough),
                ]
            )
        }
    }

    /// The end that cannot be read, as one sentence without a full stop; nil where there is none.
    var tornText: String? {
        report.torn.map { torn in
            "\(torn.file) ends at offset \(torn.offset), record \(torn.sequence), with \(torn.bytes) bytes "
                + "that cannot be read: \(Self.twoCauses)"
        }
    }

    /// Why an end can be unreadable.
    private static let twoCauses =
        "a write that a crash tore was never acknowledged, a last record that was damaged later is lost, "
        + "and the two look the same"

    private static func fields(_ gap: LogReport.Gap) -> [LogRecord.Field] {
        [
            .init("segment", gap.file), .init("offset", gap.offset),
            .init("bytes", gap.bytes),
        ]
    }

    /// What can be done about a log that cannot be opened, to be put behind the error; empty where the error says it.
    package static func advice(_ error: LogError) -> String {
        switch error {
        case .corrupt, .segmentMissing, .recordsMissing, .replayStopped:
            "; restore a backup, or have `sluice store repair` save what can be read"
        default: ""
        }
    }
}
