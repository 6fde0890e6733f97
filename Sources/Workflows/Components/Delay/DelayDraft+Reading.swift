internal import Documents
internal import Expressions

extension DelayDraft {
    /// Reads a pause: `duration`, or `time` with `timezone`; nil where it is refused.
    static func read(_ reader: inout SettingsReader) -> DelayDraft? {
        let mode = reader.oneOf("mode", ["time-interval", "specific-time"])
        let zone = reader.node(anyOf: ["timezone", "time_zone"])
        if let time = Written(&reader, "time") {
            if mode == "time-interval" {
                reader.error(
                    "`time` needs `mode: specific-time`",
                    at: time.position,
                    key: "time"
                )
            }
            return .until(
                time,
                zone: zone.map { Written($0.node, keyPath: reader.path($0.key)) }
            )
        }
        if let zone {
            reader.error(
                "`\(zone.key)` needs a `time`",
                at: zone.node.position,
                key: zone.key
            )
        }
        if let duration = Written(&reader, "duration") { return .interval(duration) }
        let wanted = mode == "specific-time" ? "`time`" : "`duration`"
        reader.diagnostics.error(
            "a delay needs \(wanted)",
            at: reader.position,
            keyPath: reader.keyPath
        )
        return nil
    }
}

extension PlanCompiler {
    /// Compiles a pause; nil where it is refused.
    func delay(_ draft: DelayDraft, _ sources: SourceSet) -> DelayPlan? {
        switch draft {
        case .interval(let duration):
            guard let length = template(duration, sources) else { return nil }
            let plan = DelayPlan(
                kind: .interval(length),
                zones: settings.zones,
                position: duration.position
            )
            if let flaw = plan.flaw { diagnostics.mismatch(duration, expected: flaw.wanted) }
            return plan
        case .until(let time, let zone):
            let zoneTemplate = zone.flatMap { template($0, sources) }
            guard let moment = template(time, sources), zone == nil || zoneTemplate != nil else {
                return nil
            }
            let plan = DelayPlan(
                kind: .until(moment, zone: zoneTemplate),
                zones: settings.zones,
                position: time.position
            )
            guard let flaw = plan.flaw else { return plan }
            diagnostics.mismatch(
                flaw.isZone ? zone ?? time : time,
                expected: flaw.wanted,
                suggestion: flaw.suggestion
            )
            return plan
        }
    }
}
