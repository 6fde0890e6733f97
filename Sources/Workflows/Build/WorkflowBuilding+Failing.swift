internal import Documents
internal import Expressions
internal import JSONWire
internal import Primitives

extension WorkflowBuilding {
    /// Reads `retry`: a number of tries, or a map in either naming.
    func retry(_ reader: inout SettingsReader, _ place: Place) -> RetryPolicy {
        guard let node = reader.node("retry") else { return .none }
        if case .map = node.content { return retryMap(node, reader, place) }
        guard let tries = reader.integer("retry", in: 1...1000) else { return .none }
        return RetryPolicy(
            attemptsMax: tries,
            delay: Nanoseconds(0),
            isExponential: false,
            delayMax: nil,
            causes: []
        )
    }

    private func retryMap(
        _ node: Node,
        _ outer: SettingsReader,
        _ place: Place
    ) -> RetryPolicy {
        var reader = SettingsReader(
            node,
            keyPath: outer.path("retry"),
            diagnostics: diagnostics,
            filling: plans.filling
        )
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
        let when = reader.node("when").flatMap {
            condition($0, place, keyPath: reader.path("when"), with: [.error, .http])
        }
        reader.finish()
        return RetryPolicy(
            attemptsMax: new ?? old ?? again ?? 1,
            delay: delay,
            isExponential: backoff == "exponential",
            delayMax: delayMax,
            causes: causes,
            condition: when
        )
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

    /// Reads `on_error`: `ignore`, `{output, to}`, or a list of steps.
    func readOnError(_ reader: inout SettingsReader, _ place: Place) {
        guard let node = reader.node("on_error") else { return }
        switch node.content {
        case .text("ignore"): parts[place.index].onError = .output(nil)
        case .map: readErrorMap(node, reader, place)
        case .list(let nodes): readHandlers(nodes, reader, place)
        default:
            reader.mismatch(
                node,
                key: "on_error",
                expected: "`ignore`, a map with `output` or `to`, or a list of jobs",
                suggestion: node.scalarText.flatMap {
                    NearestName.suggest($0, among: ["ignore"])
                }
            )
        }
    }

    private func readErrorMap(_ node: Node, _ outer: SettingsReader, _ place: Place) {
        var reader = SettingsReader(
            node,
            keyPath: outer.path("on_error"),
            diagnostics: diagnostics,
            filling: plans.filling
        )
        let output = template(&reader, "output", place, with: [.error])
        if let to = reader.node("to") {
            if let target = route(to, reader, "to", place) {
                parts[place.index].onError = .route(to: target, output: output)
            }
        } else {
            parts[place.index].onError = .output(output)
        }
        reader.finish()
    }

    private func readHandlers(_ nodes: [Node], _ reader: SettingsReader, _ place: Place) {
        guard !place.isBody else {
            reader.error(
                "a `do` takes `ignore` or `{output: …}` as `on_error`, not a list of jobs",
                at: nodes.first?.position ?? reader.position,
                key: "on_error"
            )
            return
        }
        let path = SettingsPath(reader.path("on_error"))
        var handlers: [Int] = []
        for (position, node) in nodes.enumerated() {
            let written = node["id"]?.scalarText
            let id = written ?? "\(parts[place.index].id).on_error[\(position)]"
            if parts.contains(where: { $0.id == id && !$0.isBody }) {
                diagnostics.error(
                    "there is another job with the id `\(id)`",
                    at: node.position,
                    keyPath: path.item(position).text
                )
                continue
            }
            var part = StepParts(id: id, type: "component", position: node.position)
            part.role = .handler(of: place.index)
            part.previous = handlers.last ?? -1
            handlers.append(parts.count)
            parts.append(part)
            compile(
                PlanBuilding.Thing(
                    key: nil,
                    node: node,
                    position: node.position,
                    keyPath: path.item(position).text
                ),
                Place(index: parts.count - 1, isHandler: true)
            )
        }
        if !handlers.isEmpty { parts[place.index].onError = .steps(handlers) }
    }

    /// Reads `interrupt`: `before` and `after`, each true or a map.
    func readInterrupts(_ outer: inout SettingsReader, _ place: Place) {
        guard var reader = outer.map("interrupt") else { return }
        parts[place.index].before = interrupt(&reader, "before", place)
        parts[place.index].after = interrupt(&reader, "after", place)
        reader.finish()
    }

    private func interrupt(
        _ outer: inout SettingsReader,
        _ key: String,
        _ place: Place
    )
        -> InterruptPlan?
    {
        guard let node = outer.node(key) else { return nil }
        if case .bool(let isOn) = node.content {
            return isOn ? InterruptPlan(condition: nil, message: nil, metadata: nil) : nil
        }
        guard case .map = node.content else {
            outer.mismatch(
                node,
                key: key,
                expected: "`true`, `false`, or a map with `condition`, `message` and `metadata`"
            )
            return nil
        }
        var reader = SettingsReader(
            node,
            keyPath: outer.path(key),
            diagnostics: diagnostics,
            filling: plans.filling
        )
        let plan = InterruptPlan(
            condition: reader.node("condition").flatMap {
                condition($0, place, keyPath: reader.path("condition"), with: [.job])
            },
            message: template(&reader, "message", place, with: [.job]),
            metadata: template(&reader, "metadata", place, with: [.job])
        )
        reader.finish()
        return plan
    }
}

extension StepParts {
    /// Whether it is the `do` of another step.
    var isBody: Bool {
        if case .body = role { true } else { false }
    }
}
