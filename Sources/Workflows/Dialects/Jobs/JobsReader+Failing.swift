internal import Documents
internal import Primitives

extension JobsReader {
    /// Reads `retry`: a number of tries, or a map in either naming.
    func retry(_ reader: inout SettingsReader) -> RetryDraft {
        guard let node = reader.node("retry") else { return RetryDraft() }
        if case .map = node.content { return retryMap(node, reader) }
        guard let tries = reader.integer("retry", in: 1...1000) else { return RetryDraft() }
        return RetryDraft(
            policy: RetryPolicy(
                attemptsMax: tries,
                delay: Nanoseconds(0),
                isExponential: false,
                delayMax: nil,
                causes: []
            )
        )
    }

    private func retryMap(_ node: Node, _ outer: SettingsReader) -> RetryDraft {
        var reader = reader(node, keyPath: outer.path("retry"))
        let isDocumentForm = reader.has("max_attempts")
        let range = 1...1000
        let old = reader.integer("max_attempt_count", in: range)
        let new = reader.integer("max_attempts", in: range)
        let again = reader.integer("max_retry_count", in: 0...999).map { $0 + 1 }
        let counts = [
            ("max_attempts", new), ("max_attempt_count", old), ("max_retry_count", again),
        ]
        let given = counts.filter { $0.1 != nil }.map(\.0)
        if given.count > 1 {
            reader.error(
                "`\(given[0])` and `\(given[1])` say the same; expected one of them",
                at: node.position,
                key: "max_attempts"
            )
        }
        let unit: DurationText.BareNumber = isDocumentForm ? .documentMilliseconds : .seconds
        let delay = reader.duration("delay", bareNumber: unit) ?? Nanoseconds(0)
        let delayMax = reader.duration("max_delay", bareNumber: unit)
        let backoff = reader.oneOf("backoff", ["fixed", "exponential"])
        let causes = causes(&reader)
        let condition = Written(&reader, "when")
        reader.finish()
        let policy = RetryPolicy(
            attemptsMax: new ?? old ?? again ?? 1,
            delay: delay,
            isExponential: backoff == "exponential",
            delayMax: delayMax,
            causes: causes
        )
        return RetryDraft(policy: policy, condition: condition)
    }

    private func causes(_ reader: inout SettingsReader) -> [RetryCause] {
        guard let nodes = reader.settings("on") else { return [] }
        let words = ProblemCode.allCases.map(\.rawValue)
        return nodes.compactMap { node in
            if let cause = node.scalarText.flatMap(RetryCause.init) { return cause }
            reader.mismatch(
                node,
                key: "on",
                expected:
                    "a code such as `connect_failed` or `callback_timeout`, or an HTTP status such "
                    + "as `429` or `5xx`",
                suggestion: node.scalarText.flatMap { NearestName.suggest($0, among: words) }
            )
            return nil
        }
    }

    /// Reads `on_error`: `ignore`, `{output, to}`, or a list of jobs.
    func onError(
        _ reader: inout SettingsReader,
        _ step: StepDraft,
        _ role: Role
    ) -> OnErrorDraft {
        guard let node = reader.node("on_error") else { return .fail }
        switch node.content {
        case .text("ignore"): return .output(nil)
        case .map: return errorMap(node, reader)
        case .list(let nodes): return handlers(nodes, reader, step, role)
        default:
            reader.mismatch(
                node,
                key: "on_error",
                expected: "`ignore`, a map with `output` or `to`, or a list of jobs",
                suggestion: node.scalarText.flatMap {
                    NearestName.suggest($0, among: ["ignore"])
                }
            )
            return .fail
        }
    }

    private func errorMap(_ node: Node, _ outer: SettingsReader) -> OnErrorDraft {
        var reader = reader(node, keyPath: outer.path("on_error"))
        defer { reader.finish() }
        let output = Written(&reader, "output")
        guard let to = reader.node("to") else { return .output(output) }
        return .route(name(to, reader, "to"), output: output)
    }

    private func handlers(
        _ nodes: [Node],
        _ reader: SettingsReader,
        _ step: StepDraft,
        _ role: Role
    ) -> OnErrorDraft {
        guard role != .body else {
            reader.error(
                "a `do` takes `ignore` or `{output: …}` as `on_error`, not a list of jobs",
                at: nodes.first?.position ?? reader.position,
                key: "on_error"
            )
            return .fail
        }
        let path = SettingsPath(reader.path("on_error"))
        return .steps(
            nodes.enumerated().map { index, node in
                self.step(
                    ConfigEntry(node, keyPath: path.item(index).text),
                    id: node["id"]?.scalarText ?? "\(step.id).on_error[\(index)]",
                    .handler
                )
            }
        )
    }

    /// Reads `interrupt`: `before` and `after`, each true or a map.
    func readInterrupts(_ outer: inout SettingsReader, _ step: inout StepDraft) {
        guard var reader = outer.map("interrupt") else { return }
        step.before = interrupt(&reader, "before")
        step.after = interrupt(&reader, "after")
        reader.finish()
    }

    private func interrupt(_ outer: inout SettingsReader, _ key: String) -> InterruptDraft? {
        guard let node = outer.node(key) else { return nil }
        if case .bool(let isOn) = node.content { return isOn ? InterruptDraft() : nil }
        guard case .map = node.content else {
            outer.mismatch(
                node,
                key: key,
                expected: "`true`, `false`, or a map with `condition`, `message` and `metadata`"
            )
            return nil
        }
        var reader = reader(node, keyPath: outer.path(key))
        let draft = InterruptDraft(
            condition: Written(&reader, "condition"),
            message: Written(&reader, "message"),
            metadata: Written(&reader, "metadata")
        )
        reader.finish()
        return draft
    }
}
