internal import Documents
internal import Expressions
internal import JSONWire

extension PlanBuilding {
    /// A pause: `duration`, or `time` with `timezone`.
    func delayPlan(
        _ reader: inout SettingsReader,
        _ sources: SourceSet
    ) -> DelayPlan? {
        let mode = reader.oneOf("mode", ["time-interval", "specific-time"])
        let zone = reader.node(anyOf: ["timezone", "time_zone"])
        if let time = reader.node("time") {
            if mode == "time-interval" {
                reader.error(
                    "`time` needs `mode: specific-time`",
                    at: time.position,
                    key: "time"
                )
            }
            return until(time, zone, reader, sources)
        }
        if let zone {
            reader.error(
                "`\(zone.key)` needs a `time`",
                at: zone.node.position,
                key: zone.key
            )
        }
        guard let duration = reader.node("duration") else {
            let wanted = mode == "specific-time" ? "`time`" : "`duration`"
            diagnostics.error(
                "a delay needs \(wanted)",
                at: reader.position,
                keyPath: reader.keyPath
            )
            return nil
        }
        guard let template = template(duration, sources, keyPath: reader.path("duration")) else {
            return nil
        }
        let plan = DelayPlan(
            kind: .interval(template),
            zones: settings.zones,
            position: duration.position
        )
        if let flaw = plan.flaw {
            reader.mismatch(duration, key: "duration", expected: flaw.wanted)
        }
        return plan
    }

    private func until(
        _ time: Node,
        _ zone: (key: String, node: Node)?,
        _ reader: SettingsReader,
        _ sources: SourceSet
    ) -> DelayPlan? {
        let zoneTemplate = zone.flatMap {
            template($0.node, sources, keyPath: reader.path($0.key))
        }
        guard let template = template(time, sources, keyPath: reader.path("time")),
            zone == nil || zoneTemplate != nil
        else { return nil }
        let plan = DelayPlan(
            kind: .until(template, zone: zoneTemplate),
            zones: settings.zones,
            position: time.position
        )
        guard let flaw = plan.flaw else { return plan }
        let (key, node) = flaw.isZone ? zone ?? ("time", time) : ("time", time)
        reader.mismatch(node, key: key, expected: flaw.wanted, suggestion: flaw.suggestion)
        return plan
    }
}
