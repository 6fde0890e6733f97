import JSONWire
import Primitives

/// What came of it, for people and for programs.
struct LoadReport {
    let plan: LoadPlan
    let outcome: Drive.Outcome
    let check: RunCheck?

    /// Whether every request was answered with success and every run is as it should be.
    var isClean: Bool { outcome.tally.isClean && (check?.isClean ?? true) }

    private var tally: Tally { outcome.tally }
    private var perSecond: Double {
        outcome.seconds > 0 ? Double(tally.answered) / outcome.seconds : 0
    }
    private var cpuMicroseconds: Double {
        tally.answered > 0 ? outcome.cpuSeconds * 1e6 / Double(tally.answered) : 0
    }

    private static let quantiles: [(name: String, share: Double)] = [
        ("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999), ("max", 1),
    ]

    /// A table a person reads.
    var text: String {
        var lines = [
            "\(plan.scenario.rawValue) at \(plan.target.url): \(plan.connections) connections, "
                + "\(plan.pipeline) deep, \(plan.threads) threads, "
                + (plan.rate.map { "\($0) requests/s offered" } ?? "closed loop"),
            "",
            "requests     \(tally.sent) in \(Self.rounded(outcome.seconds)) s, \(Int(perSecond))/s",
        ]
        for (status, count) in tally.statuses.sorted(by: { $0.key < $1.key }) {
            lines.append("  \(status)        \(count)")
        }
        for (name, count) in counts where count > 0 {
            lines.append(name + String(repeating: " ", count: max(1, 13 - name.count)) + "\(count)")
        }
        lines.append("latency      " + latencyText)
        lines.append("own CPU      \(Self.rounded(cpuMicroseconds)) µs a request")
        if let check {
            lines.append("runs         \(check.good) of \(check.looked) as they should be")
        }
        if let trouble = tally.firstTrouble ?? check?.trouble {
            lines.append("first trouble: \(trouble)")
        }
        return lines.joined(separator: "\n")
    }

    /// The same as JSON.
    var json: JSONValue {
        var object: JSONObject = [
            "scenario": .string(plan.scenario.rawValue),
            "connections": .integer(Int64(plan.connections)),
            "pipeline": .integer(Int64(plan.pipeline)),
            "threads": .integer(Int64(plan.threads)),
            "offered_per_second": plan.rate.map { .integer(Int64($0)) } ?? .null,
            "requests": .integer(Int64(tally.sent)),
            "answers": .integer(Int64(tally.answered)),
            "seconds": Self.number(outcome.seconds),
            "per_second": Self.number(perSecond),
            "own_cpu_seconds": Self.number(outcome.cpuSeconds),
            "statuses": statuses,
            "latency_ns": latency,
            "clean": .bool(isClean),
        ]
        for (name, count) in counts {
            object[String(name.map { $0 == " " ? "_" : $0 })] = .integer(Int64(count))
        }
        if let check {
            object["runs"] = .object([
                "looked_at": .integer(Int64(check.looked)), "good": .integer(Int64(check.good)),
            ])
        }
        let trouble = tally.firstTrouble ?? check?.trouble
        object["first_trouble"] = trouble.map { .string($0) } ?? .null
        return .object(object)
    }

    private var counts: [(name: String, count: Int)] {
        [
            ("delivered", tally.delivered), ("held", tally.held),
            ("duplicates", tally.duplicates), ("unexpected", tally.unexpected),
            ("lost", tally.lost), ("timeouts", tally.timeouts), ("refused", tally.refused),
            ("unsent", tally.unsent), ("shed silently", tally.shedWithoutRetryAfter),
        ]
    }

    private var statuses: JSONValue {
        var object = JSONObject()
        for (status, count) in tally.statuses.sorted(by: { $0.key < $1.key }) {
            object[String(status)] = .integer(Int64(count))
        }
        return .object(object)
    }

    private var latencyText: String {
        Self.quantiles.map { name, share in
            "\(name) \(Self.rounded(Double(outcome.latency.quantile(share)) / 1000)) µs"
        }.joined(separator: ", ")
    }

    private var latency: JSONValue {
        var object = JSONObject()
        for (name, share) in Self.quantiles {
            object[name] = .integer(Int64(clamping: outcome.latency.quantile(share)))
        }
        let count = outcome.latency.count
        let mean = count > 0 ? Double(outcome.latency.sum) / Double(count) : 0
        object["mean"] = Self.number(mean)
        object["buckets"] = .array(
            outcome.latency.buckets.map { bound, count in
                .array([.integer(Int64(clamping: bound)), .integer(Int64(clamping: count))])
            }
        )
        return .object(object)
    }

    private static func number(_ value: Double) -> JSONValue {
        JSONNumber(value).map { .number($0) } ?? .null
    }

    private static func rounded(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}
