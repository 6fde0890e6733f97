// What a callback costs inside the process, stage by stage: nanoseconds and allocations for one callback.
//
// `--smoke` runs a few only, to see that everything still works. `--json FILE` writes the rows for a program too.
// `--stage NAME --count N` runs one stage N times for callgrind, which counts the function `countedTurns`.
// `--bulk N` runs bodies of N callbacks alone; callgrind counts them by the same function.
// `--waiters N` runs one table of so many waiters alone: what a waiter weighs shows only in memory that is new.
// `--body BYTES FILE` writes a body of that size, and `--scan FILE` measures our scanner on it: other parsers get the same.

import CMeasure
import JSONWire
import Platform
import Primitives

let arguments = Array(CommandLine.arguments.dropFirst())

/// What stands behind an option; nil where it is not given.
func value(of option: String, _ offset: Int = 1) -> String? {
    guard let place = arguments.firstIndex(of: option), place + offset < arguments.count else {
        return nil
    }
    return arguments[place + offset]
}

/// The rows of the table.
func rows(isSmoke: Bool) -> [Row] {
    var rows: [Row] = []
    for (bytes, count) in [(194, 200_000), (2_048, 40_000), (65_536, 800)] {
        let stages = Stages(count: isSmoke ? 10 : count, bytes: bytes)
        for name in Stages.Name.allCases { rows.append(stages.row(name)) }
    }
    rows.append(Bulk(count: isSmoke ? 100 : 10_000).row())
    return rows + crowds(isSmoke: isSmoke)
}

/// The rows about many waiters.
func crowds(isSmoke: Bool) -> [Row] {
    var rows: [Row] = []
    for waiters in isSmoke ? [1_000] : [1_000, 10_000, 100_000, 1_000_000] {
        let crowd = Crowd(waiters: waiters)
        rows.append(crowd.measure(threads: 1).row)
        guard waiters >= 1_000_000 || isSmoke else { continue }
        for threads in 2...max(2, Int(sluice_processors())) {
            rows.append(crowd.measure(threads: threads).row)
        }
    }
    return rows
}

/// Runs one table alone, in a process that had none before.
func crowd(of waiters: Int) {
    let (row, weight) = Crowd(waiters: waiters).measure(threads: 1)
    print(Row.heading)
    print(row.line)
    print("a waiter takes \(weight) bytes where there are \(waiters)")
}

/// Runs one stage for callgrind.
func count(_ stage: String) throws {
    let count = value(of: "--count").flatMap { Int($0) } ?? 1_000
    if stage == EngineStage.name {
        let allocations = try EngineStage.countedRun(count)
        return print("allocations_hundredths \(allocations)")
    }
    guard let name = Stages.Name(rawValue: stage) else {
        let known = (Stages.Name.allCases.map(\.rawValue) + [EngineStage.name])
            .joined(separator: ", ")
        return print("there is no stage \(stage), only \(known)")
    }
    let stages = Stages(count: 3 * count, bytes: SampleCallback.usualBytes)
    let (allocations, hash) = stages.countedRun(name)
    print("allocations_hundredths \(allocations) hash \(hash)")
}

/// What our scanner takes for a file: the median nanoseconds of 2,000 scans, as simdjson_dom.cpp measures its own.
func scan(_ file: String) throws {
    let text = try FileText.read(file, bytesMax: 64 << 20)
    let scanner = JSONScanner()
    var times: [Int64] = []
    for _ in 0..<2_000 {
        let start = Instant.now()
        let isGood = scanner.read(text.span) { if case .success = $0 { true } else { false } }
        times.append(Instant.now().since(start).count)
        guard isGood else { return print("not JSON") }
    }
    times.sort()
    print(times[times.count / 2])
}

if let bytes = value(of: "--body").flatMap({ Int($0) }), let file = value(of: "--body", 2) {
    try FileText.write(SampleCallback.body(0, bytes: bytes), to: file)
} else if let file = value(of: "--scan") {
    try scan(file)
} else if let waiters = value(of: "--waiters").flatMap({ Int($0) }) {
    crowd(of: max(1, min(waiters, 10_000_000)))
} else if let count = value(of: "--bulk").flatMap({ Int($0) }) {
    print(Row.heading)
    print(Bulk(count: max(1, min(count, 1_000_000))).row().line)
} else if let stage = value(of: "--stage") {
    try count(stage)
} else {
    print(Row.heading)
    let rows = rows(isSmoke: arguments.contains("--smoke"))
    for row in rows { print(row.line) }
    if let file = value(of: "--json") {
        try FileText.write(JSONValue.array(rows.map(\.json)).jsonBytes, to: file)
    }
}
