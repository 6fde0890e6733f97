package import JSONWire
package import Primitives
package import Workflows

/// Hides the values of secrets in texts that leave the process for people: logs, findings, errors, histories.
///
/// What a secret is used for (requests, signatures) does not pass here. Values of fewer than ``charactersMin`` characters
/// are left alone: hiding them would hide half of every text.
package struct Redaction: Sendable {
    /// The shortest value that is hidden.
    static let charactersMin = 4
    /// What stands in the place of a value.
    static let mark = "…"

    private let values: [String]

    /// Hides these values.
    package init(_ values: some Sequence<String>) {
        // The longest first: one value may be a part of another.
        self.values = Set(values).filter { $0.count >= Self.charactersMin }
            .sorted { ($0.utf8.count, $0) > ($1.utf8.count, $1) }
    }

    /// Whether there is nothing to hide.
    package var isEmpty: Bool { values.isEmpty }

    /// A text without the values.
    ///
    /// - Complexity: O(n) for each secret.
    package func text(_ text: String) -> String {
        var text = text
        for value in values where text.utf8.count >= value.utf8.count {
            let parts = text.split(separator: value, omittingEmptySubsequences: false)
            if parts.count > 1 { text = parts.joined(separator: Self.mark) }
        }
        return text
    }

    /// A value in whose texts the secrets are hidden.
    package func value(_ value: JSONValue) -> JSONValue {
        switch value {
        case .string(let string): .string(text(string))
        case .array(let values): .array(values.map(self.value))
        case .object(let object):
            .object(
                object.members.reduce(into: JSONObject()) { kept, member in
                    kept[text(member.name)] = self.value(member.value)
                }
            )
        case .null, .bool, .integer, .number: value
        }
    }

    /// A record of the log without the values.
    package func record(_ record: LogRecord) -> LogRecord {
        if isEmpty { return record }
        return LogRecord(
            time: record.time,
            level: record.level,
            message: text(record.message),
            fields: record.fields.map { .init($0.name, text($0.value)) }
        )
    }

    /// An event whose failure does not quote a secret: what the other side said may repeat what it was sent.
    package func event(_ event: RunEvent) -> RunEvent {
        guard !isEmpty, case .responded(let attempt, .failure(let failure)) = event else {
            return event
        }
        let hidden = CallFailure(
            code: failure.code,
            message: text(failure.message),
            result: value(failure.result),
            head: failure.head.map { head in
                guard case .object(let headers) = value(.object(head.headers)) else { return head }
                return AnswerHead(status: head.status, headers: headers)
            }
        )
        return .responded(attempt, .failure(hidden))
    }

    /// Effects whose facts, for a run's history, do not quote a secret in a request.
    package func facts(_ effects: ArraySlice<Effect>) -> ArraySlice<Effect> {
        if isEmpty { return effects }
        return effects.map { effect in
            guard case .history(let entry) = effect, case .sent(let request) = entry.kind else {
                return effect
            }
            return .history(entry.with(.sent(text(request))))
        }[...]
    }
}
