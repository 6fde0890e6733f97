internal import Documents
internal import JSONWire
internal import Primitives
internal import Workflows

/// A run's state as lines for people, made from what the controller tells of it.
enum RunText {
    /// The state in full.
    static func full(_ run: JSONValue) -> String {
        var lines: [(String, String)] = [
            ("run", member(run, "task_id")), ("workflow", member(run, "workflow_id")),
            ("status", member(run, "status")),
        ]
        if let event = run["event"] { lines.append(("event", startedBy(event))) }
        if run["started_at"]?.string != nil { lines.append(("started", member(run, "started_at"))) }
        if run["ended_at"]?.string != nil {
            let after = taken(run).map { ", after \($0)" }.joined()
            lines.append(("ended", member(run, "ended_at") + after))
        }
        lines += list(run, "waiting").map { ("waits", wait($0)) }
        lines += list(run, "interrupts").map { ("asks", question($0)) }
        if let error = run["error"] { lines.append(("error", failure(error))) }
        if run["reason"]?.string != nil { lines.append(("reason", member(run, "reason"))) }
        var text = lines.map { name, value in
            name + String(repeating: " ", count: 10 - name.count) + value
        }.joined(separator: "\n")
        if let input = run["input"], !input.isNull { text += "\ninput\n\(input.prettyJSONText)" }
        let steps = list(run, "steps")
        if !steps.isEmpty { text += "\nsteps\n" + table(steps) }
        if let output = run["output"] { text += "\noutput\n\(output.prettyJSONText)" }
        let history = list(run, "history")
        if !history.isEmpty {
            text += "\nhistory\n" + history.map { "  \(event($0))" }.joined(separator: "\n")
        }
        return text
    }

    /// The event that started a run, in a few words.
    private static func startedBy(_ event: JSONValue) -> String {
        let source = member(event, "source")
        return "\(member(event, "name")) \(member(event, "event_id"))"
            + (source.isEmpty ? "" : " from \(source)")
    }

    /// What matters most of a run, in a few words: what it waits for, asks, or failed of.
    static func short(_ run: JSONValue) -> String {
        if let error = run["error"] {
            return [member(error, "code"), member(error, "step")].filter { !$0.isEmpty }
                .joined(separator: " in ")
        }
        if let interrupt = list(run, "interrupts").first {
            return "asks \(member(interrupt, "interrupt_id"))"
        }
        let waits = list(run, "waiting")
        guard let first = waits.first else { return "" }
        let more = waits.count > 1 ? " and \(waits.count - 1) more" : ""
        return "\(member(first, "step")) waits for \(keys(first))\(more)"
    }

    /// An entry of a run's history on one line.
    static func event(_ entry: JSONValue) -> String {
        let kind = String(member(entry, "kind").map { $0 == "_" ? " " : $0 })
        var words = [member(entry, "time"), kind]
        if entry["step"]?.string != nil {
            words.append(member(entry, "step"))
            if case .integer(let attempt)? = entry["attempt"], attempt > 1 {
                words.append("(attempt \(attempt))")
            }
        }
        for name in ["request", "key", "to", "note", "reason", "interrupt_id"] {
            if entry[name]?.string != nil { words.append(member(entry, name)) }
        }
        if let data = entry["data"] { words.append(line(data)) }
        if case .array? = entry["keys"] { words.append("for \(keys(entry))") }
        if let error = entry["error"] { words.append(failure(error)) }
        return words.filter { !$0.isEmpty }.joined(separator: "  ")
    }

    /// A failure with the step it happened in.
    static func failure(_ error: JSONValue) -> String {
        var text = "\(member(error, "code")): \(member(error, "message"))"
        var place: [String] = []
        if error["step"]?.string != nil { place.append("step \(member(error, "step"))") }
        if case .integer(let attempt)? = error["attempt"] {
            place.append("attempt \(attempt)")
        }
        if error["component"]?.string != nil {
            place.append("component \(member(error, "component"))")
        }
        if !place.isEmpty { text += " (\(place.joined(separator: ", ")))" }
        return text
    }

    /// A member's text as it is shown on a line; empty where it is missing.
    static func member(_ value: JSONValue, _ name: String) -> String {
        switch value[name] {
        case nil, .null?: ""
        case let other?: line(other)
        }
    }

    /// A value on a line: a text itself, anything else its JSON.
    static func line(_ value: JSONValue) -> String {
        TerminalText.line(value.string ?? value.jsonText)
    }

    /// The elements of a member that is a list; none where it is missing.
    static func list(_ value: JSONValue, _ name: String) -> [JSONValue] {
        if case .array(let elements)? = value[name] { elements } else { [] }
    }

    /// The steps as a table, and below it what each yielded, where that came along.
    private static func table(_ steps: [JSONValue]) -> String {
        let rows = steps.map { step in
            [
                "  " + member(step, "id"), member(step, "status"), attempts(step),
                member(step, "component"), member(step, "started_at"), taken(step).first ?? "",
                step["items"].map(items) ?? "",
            ]
        }
        let head = ["  STEP", "STATUS", "ATTEMPT", "COMPONENT", "STARTED", "TOOK", "ITEMS"]
        var text = TextTable(head: head, rows: rows).text
        for step in steps {
            guard let output = step["output"], !output.isNull else { continue }
            text += "\noutput of \(member(step, "id"))\n\(output.prettyJSONText)"
        }
        return text
    }

    private static func attempts(_ step: JSONValue) -> String {
        if case .integer(let count)? = step["attempt"], count > 0 { String(count) } else { "" }
    }

    /// How far the items of a step are: `12 of 50 completed, 1 failed, 5 waiting`.
    private static func items(_ items: JSONValue) -> String {
        var words = ["\(member(items, "completed")) of \(member(items, "total")) completed"]
        for name in ["failed", "running", "waiting"] {
            if case .integer(let count)? = items[name], count > 0 {
                words.append("\(count) \(name)")
            }
        }
        return words.joined(separator: ", ")
    }

    /// How long something took, from `started_at` to `ended_at`; empty where it has not ended.
    private static func taken(_ value: JSONValue) -> [String] {
        guard let started = value["started_at"]?.string.flatMap(CalendarText.moment),
            let ended = value["ended_at"]?.string.flatMap(CalendarText.moment)
        else { return [] }
        return [
            DurationText.spell(.milliseconds(max(0, ended.milliseconds - started.milliseconds)))
        ]
    }

    private static func wait(_ wait: JSONValue) -> String {
        "\(member(wait, "step")) for \(keys(wait)) until \(member(wait, "until"))"
    }

    private static func question(_ interrupt: JSONValue) -> String {
        let message = member(interrupt, "message")
        return member(interrupt, "interrupt_id") + (message.isEmpty ? "" : ": \(message)")
    }

    private static func keys(_ wait: JSONValue) -> String {
        let keys = list(wait, "keys").map(line)
        return keys.isEmpty ? "a callback" : keys.joined(separator: " or ")
    }
}
