internal import JSONWire
internal import Primitives

/// Requests of the ledger, and what is known of keys, as lines for people.
enum LedgerText {
    /// A request in full.
    static func full(_ request: JSONValue) -> String {
        var lines = [("request", member(request, "request_id"))]
        for (label, name) in [
            ("time", "time"), ("status", "status"), ("reason", "reason"), ("code", "code"),
            ("key", "key"), ("run", "task_id"), ("endpoint", "endpoint"), ("target", "target"),
            ("peer", "peer"), ("number", "journal_number"), ("repeats", "duplicate_of"),
            ("replay of", "replay_of"),
        ] {
            let value = member(request, name)
            if !value.isEmpty { lines.append((label, value)) }
        }
        if let verdict = request["verification"] { lines.append(("sender", sender(verdict))) }
        if request["nearest_keys"] != nil {
            lines.append(("nearest", nearest(request)))
        }
        var text = rows(lines)
        text += section("refused items", list(request, "rejected").map(refusedItem))
        if case .object(let headers)? = request["headers"] {
            text += "\nheaders\n"
            text += headers.members.map {
                "  \(TerminalText.line($0.name)): \(RunText.line($0.value))"
            }
            .joined(separator: "\n")
        }
        let cut = request["body_is_cut"] != nil ? ", cut" : ""
        text += "\nbody (\(member(request, "body_bytes")) bytes\(cut))\n"
        return text + body(request)
    }

    /// What the verification of a request's sender came to, in a few words.
    static func sender(_ verdict: JSONValue) -> String {
        let verifier = member(verdict, "verifier")
        let reason = member(verdict, "reason")
        switch member(verdict, "state") {
        case "verified": return "verified by \(verifier)"
        case "refused":
            return "refused: \(reason.isEmpty ? "no reason given" : reason) (\(verifier))"
        case "accepted_unverified": return "accepted unverified, in a replay (\(verifier))"
        case "handshake": return "handshake of \(verifier)"
        case let other: return "\(other) (\(verifier))"
        }
    }

    /// The body: JSON with line breaks and indents, any other text as it came.
    private static func body(_ request: JSONValue) -> String {
        guard let text = request["body"]?.string else { return member(request, "body_base64") }
        do throws(JSONError) {
            let value = try JSONValue.parse(Array(text.utf8))
            switch value {
            case .array, .object: return value.prettyJSONText
            case .null, .bool, .integer, .number, .string: return text
            }
        } catch {
            return text
        }
    }

    private static func refusedItem(_ item: JSONValue) -> String {
        "item \(member(item, "index")): \(member(item, "code"))"
    }

    /// What is known of a key.
    static func explanation(_ known: JSONValue) -> String {
        var text = rows([("key", member(known, "key")), ("why", member(known, "explanation"))])
        text += section("waits", list(known, "waits").map(wait))
        text += section("held", list(known, "held").map(held))
        text += section("ended", list(known, "marks").map(mark))
        text += section("requests", list(known, "requests").map(request))
        if known["more_requests"] != nil { text += "\n  and more: sluice ledger list --key KEY" }
        return text
    }

    /// What became of a replay.
    static func replay(_ replay: JSONValue) -> String {
        let first = member(replay, "replay_of")
        if let error = replay["error"] {
            return "\(first)  not replayed: \(member(error, "message"))"
        }
        let answer = (replay["answer"]?.jsonText).map(TerminalText.line) ?? ""
        return "\(first)  replayed as \(member(replay, "request_id")): "
            + "\(member(replay, "status")) \(answer)"
    }

    private static func wait(_ wait: JSONValue) -> String {
        let since = wait["since"].map { " since \(RunText.line($0))" } ?? ""
        let step = wait["step"].map { " step \(RunText.line($0))" } ?? ""
        let channels = list(wait, "channels").map(RunText.line).joined(separator: ", ")
        return "run \(member(wait, "task_id"))\(step), attempt \(member(wait, "attempt")),\(since) "
            + "until \(member(wait, "until")) on \(channels)"
    }

    private static func held(_ held: JSONValue) -> String {
        "request \(member(held, "request_id")) at \(member(held, "time")), until "
            + "\(member(held, "until")), came to \(member(held, "endpoint"))"
    }

    private static func mark(_ mark: JSONValue) -> String {
        "\(member(mark, "ended")) at \(member(mark, "time")), the wait of the run "
            + "\(member(mark, "task_id")); remembered until \(member(mark, "until"))"
    }

    private static func request(_ request: JSONValue) -> String {
        let code = member(request, "code")
        return "\(member(request, "time"))  \(member(request, "request_id"))  "
            + "\(member(request, "status"))\(code.isEmpty ? "" : " (\(code))")  "
            + member(request, "endpoint")
    }

    private static func nearest(_ value: JSONValue) -> String {
        let keys = list(value, "nearest_keys").map { member($0, "key") }
        return keys.isEmpty ? "no run waits for a similar key" : keys.joined(separator: ", ")
    }

    private static func section(_ name: String, _ lines: [String]) -> String {
        lines.isEmpty ? "" : "\n\(name)\n" + lines.map { "  \($0)" }.joined(separator: "\n")
    }

    private static func rows(_ rows: [(String, String)]) -> String {
        rows.map { name, value in
            name + String(repeating: " ", count: 10 - name.count) + value
        }.joined(separator: "\n")
    }

    private static func member(_ value: JSONValue, _ name: String) -> String {
        RunText.member(value, name)
    }

    private static func list(_ value: JSONValue, _ name: String) -> [JSONValue] {
        RunText.list(value, name)
    }
}
