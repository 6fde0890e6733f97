internal import Documents
internal import JSONWire
internal import Platform
internal import Primitives
internal import Store

/// `sluice store stats`: what a store holds, in numbers.
enum StatsStoreCommand {
    static let command = Program.Command(
        name: "store stats",
        usage: "[--json]",
        summary: "Show what the store holds: runs, waits, requests, bytes",
        options: StoreCommands.options + [
            .init(names: ["--json"], value: nil, help: "print the result as JSON")
        ],
        run: run
    )

    @Sendable private static func run(_ arguments: Arguments) -> Int32 {
        guard arguments.operands.isEmpty else {
            return Program.mistaken("`store stats` takes no operand; see sluice store stats --help")
        }
        return StoreCommands.withStore(arguments) { store throws(StoreError) in
            let stats = try store.stats()
            let log = try store.log()
            if arguments.has("--json") {
                Console.writeData(json(stats, log).prettyJSONText)
            } else {
                Console.writeLine(text(stats, log))
            }
            return 0
        }
    }

    private static func text(_ stats: StoreStats, _ log: StoreInspection.LogState?) -> String {
        var lines = [
            ("runs", "\(stats.runs), open \(stats.openRuns), events \(stats.runEvents)"),
            ("waits", "\(stats.waits)"),
            ("held callbacks", "\(stats.held)"),
            ("marks", "\(stats.marks)"),
            ("claims", "\(stats.claims)"),
            ("requests", "\(stats.requests)" + span(stats)),
            ("configurations", "\(stats.texts)"),
            (
                "database",
                "\(SizeText.spell(stats.usedBytes)) used, \(SizeText.spell(stats.freeBytes)) free"
            ),
            ("complete to", "record \(stats.completeThrough)"),
            ("schema", "version \(stats.schemaVersion)"),
        ]
        if let log {
            let ahead = log.nextNumber - min(log.nextNumber, stats.completeThrough + 1)
            lines.append(
                (
                    "log",
                    "\(log.records) records in \(log.segments) segments, \(ahead) not in the store"
                )
            )
        }
        return lines.map { name, value in
            name + String(repeating: " ", count: 16 - name.count) + value
        }.joined(separator: "\n")
    }

    private static func span(_ stats: StoreStats) -> String {
        guard let oldest = stats.oldestRequest, let newest = stats.newestRequest else { return "" }
        return ", from \(oldest.rfc3339) to \(newest.rfc3339)"
    }

    private static func json(
        _ stats: StoreStats,
        _ log: StoreInspection.LogState?
    ) -> JSONValue {
        let number: (Int) -> JSONValue = { .integer(Int64($0)) }
        var object: JSONObject = [
            "runs": number(stats.runs), "open_runs": number(stats.openRuns),
            "run_events": number(stats.runEvents), "waits": number(stats.waits),
            "held": number(stats.held), "marks": number(stats.marks),
            "claims": number(stats.claims), "requests": number(stats.requests),
            "configurations": number(stats.texts), "used_bytes": number(stats.usedBytes),
            "free_bytes": number(stats.freeBytes),
            "complete_through": .integer(Int64(clamping: stats.completeThrough)),
            "schema_version": number(stats.schemaVersion),
        ]
        if let oldest = stats.oldestRequest { object["oldest_request"] = .string(oldest.rfc3339) }
        if let newest = stats.newestRequest { object["newest_request"] = .string(newest.rfc3339) }
        guard let log else { return .object(object) }
        object["log"] = .object([
            "records": number(log.records), "segments": number(log.segments),
            "first_number": .integer(Int64(clamping: log.firstNumber)),
            "next_number": .integer(Int64(clamping: log.nextNumber)),
        ])
        return .object(object)
    }
}
