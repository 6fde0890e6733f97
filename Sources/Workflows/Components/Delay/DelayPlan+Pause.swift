internal import Documents
internal import Expressions
internal import JSONWire
internal import Primitives

extension DelayPlan {
    /// What its expressions refer to.
    var references: [Reference] {
        switch kind {
        case .interval(let template): template?.references ?? []
        case .until(let time, let zone): time.references + (zone?.references ?? [])
        }
    }

    /// How long the pause is, or until when.
    ///
    /// - Parameters:
    ///   - scope: What its expressions are read from.
    ///   - input: The step's input: where nothing is written its `duration`, or all of it, is the pause.
    ///   - step: Where the step is written, for errors of a delay that is written nowhere itself.
    /// - Returns: The pause.
    /// - Throws: Where an expression, or what it yields, tells no pause.
    func pause(
        _ scope: some Scope,
        input: JSONValue,
        step: SourcePosition
    ) throws(EvaluationError) -> Pause {
        switch kind {
        case .interval(let template):
            let value = try template?.evaluate(scope) ?? input["duration"] ?? input
            return try Self.length(value).orThrow(value, at: position ?? step)
        case .until(let time, let zone):
            let value = try time.evaluate(scope)
            return try until(value, zone: try zone?.evaluate(scope)).orThrow(
                value,
                at: position ?? step
            )
        }
    }

    /// What is wrong with it as far as load can tell; nil where it is well or only a run can tell.
    var flaw: Flaw? {
        switch kind {
        case .interval(let template):
            return (template?.constant).flatMap { Self.length($0).flaw }
        case .until(let time, let zone):
            if let name = zone?.constant, case .failure(let flaw) = clocks(name, isKey: true) {
                return flaw
            }
            // With the zone unknown UTC stands in for it: what the text says is judged all the same.
            return time.constant.flatMap { until($0, zone: zone?.constant).flaw }
        }
    }

    /// Why a value tells no pause.
    struct Flaw: Error {
        /// What would tell one: `a duration such as 5m`.
        let wanted: String
        /// Whether it is in the value of `timezone`.
        var isZone = false
        /// What was meant instead.
        var suggestion: String?
    }

    private typealias Told = Result<Pause, Flaw>

    /// How a zone's clocks are read.
    fileprivate enum Clocks {
        case fixed(Int64)
        case zone(TimeZone)
    }

    private static func length(_ value: JSONValue) -> Told {
        guard let length = DurationText.parse(TextForm.text(of: value)) else {
            return .failure(Flaw(wanted: "a duration such as 5m or 1h30m"))
        }
        return .success(.length(length))
    }

    private func until(_ value: JSONValue, zone: JSONValue?) -> Told {
        guard let reading = CalendarText.read(TextForm.text(of: value)) else {
            return .failure(Flaw(wanted: "a time such as 2026-11-21T10:00:00Z"))
        }
        if let offset = reading.offset {
            let second = reading.seconds - offset
            guard let name = reading.zone else {
                return .success(.until(reading.moment(at: second)))
            }
            return clocks(.string(name), isKey: false).flatMap { clocks in
                guard clocks.offset(at: second) == offset else {
                    return .failure(Flaw(wanted: "the offset that \(name) has at that time"))
                }
                return .success(.until(reading.moment(at: second)))
            }
        }
        let own = reading.zone.map { clocks(.string($0), isKey: false) }
        return (own ?? clocks(zone, isKey: true)).map {
            .until(reading.moment(at: $0.moment(showing: reading.seconds)))
        }
    }

    private func clocks(_ name: JSONValue?, isKey: Bool) -> Result<Clocks, Flaw> {
        guard let name, !name.isNull else { return .success(.fixed(0)) }
        let text = TextForm.text(of: name)
        if let offset = CalendarText.fixedZone(text) { return .success(.fixed(offset)) }
        if let zone = zones.zone(text) { return .success(.zone(zone)) }
        var wanted =
            isKey
            ? "`UTC`, an offset such as `+09:00`, or a time zone such as `Europe/Berlin`"
            : "a time in a known zone, such as `2026-03-01T09:00:00 Europe/Berlin`"
        if zones.isEmpty { wanted += " (no zones are installed here: the package tzdata has them)" }
        return .failure(
            Flaw(wanted: wanted, isZone: isKey, suggestion: zones.suggestion(for: text))
        )
    }
}

extension DelayPlan.Clocks {
    fileprivate func moment(showing reading: Int64) -> Int64 {
        switch self {
        case .fixed(let offset): reading - offset
        case .zone(let zone): zone.moment(showing: reading)
        }
    }

    fileprivate func offset(at moment: Int64) -> Int64 {
        switch self {
        case .fixed(let offset): offset
        case .zone(let zone): zone.offset(at: moment)
        }
    }
}

extension Result<Pause, DelayPlan.Flaw> {
    fileprivate var flaw: DelayPlan.Flaw? {
        if case .failure(let flaw) = self { flaw } else { nil }
    }

    /// The pause, or an error that tells the value's shape and where the delay is written.
    fileprivate func orThrow(
        _ value: JSONValue,
        at position: SourcePosition
    ) throws(EvaluationError) -> Pause {
        switch self {
        case .success(let pause): return pause
        case .failure(let flaw):
            throw EvaluationError(
                flaw.isZone
                    ? "a delay's time zone must be \(flaw.wanted), and this names none"
                    : "a delay needs \(flaw.wanted), and this is \(value.kindWithArticle) that is none",
                at: position
            )
        }
    }
}
