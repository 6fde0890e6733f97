internal import Documents

/// Jobs that have other jobs inside.
extension JobsReader {
    func each(_ reader: inout SettingsReader, _ step: StepDraft) -> WorkDraft {
        askForItems(reader)
        let parallel = reader.integer("batch_size", in: 1...10_000, default: 1)
        let failures = reader.oneOf("failures", ["first", "collect"])
        guard let body = body(&reader, step) else { return .nothing([]) }
        return .each(body: body, parallelMax: parallel, collectsFailures: failures == "collect")
    }

    func loop(_ reader: inout SettingsReader, _ step: StepDraft) -> WorkDraft {
        let iterations = reader.integer("max_iteration_count", in: 1...10_000, default: 100)
        let goesOn = Written(&reader, "while")
        let stops = Written(&reader, "until")
        let body = body(&reader, step)
        guard let condition = goesOn ?? stops, (goesOn == nil) != (stops == nil) else {
            reader.missing(["while", "until"], "a loop needs one of `while` and `until`")
            return .nothing([body].compactMap(\.self))
        }
        guard let body else { return .nothing([]) }
        return .loop(
            body: body,
            condition: condition,
            goesOnWhenTrue: goesOn != nil,
            iterationsMax: iterations
        )
    }

    /// Reads a `pipeline`: jobs one after another.
    func pipeline(_ reader: inout SettingsReader, _ step: StepDraft) -> WorkDraft {
        guard let nodes = reader.list("steps") else {
            reader.missing("steps", expected: "a list of jobs without ids")
            return .nothing([])
        }
        if nodes.isEmpty {
            reader.error(
                "found an empty list, expected one job or more",
                at: reader.node("steps")?.position ?? reader.position,
                key: "steps"
            )
        }
        let path = SettingsPath(reader.path("steps"))
        let bodies = nodes.enumerated().compactMap { index, node in
            body(node, keyPath: path.item(index).text, key: "steps", reader, step)
        }
        guard bodies.count == nodes.count, !bodies.isEmpty else { return .nothing(bodies) }
        return .pipeline(bodies)
    }

    /// Reads an `accumulate`: the same job for every item, each with what the one before it came to.
    func fold(_ reader: inout SettingsReader, _ step: StepDraft) -> WorkDraft {
        askForItems(reader)
        let start = Written(&reader, "accumulator")
        guard let body = body(&reader, step) else { return .nothing([]) }
        return .fold(body: body, start: start)
    }

    private func askForItems(_ reader: SettingsReader) {
        guard !reader.has("input") else { return }
        reader.missing("input", expected: "the list of items")
    }

    /// The `do` of a for-each, loop or accumulate.
    private func body(_ reader: inout SettingsReader, _ step: StepDraft) -> StepDraft? {
        guard let node = reader.node("do") else {
            reader.missing("do", expected: "a job without id")
            return nil
        }
        return body(node, keyPath: reader.path("do"), key: "do", reader, step)
    }

    /// A job inside of another.
    private func body(
        _ node: Node,
        keyPath: String,
        key: String,
        _ reader: SettingsReader,
        _ step: StepDraft
    ) -> StepDraft? {
        if Self.routerTypes.contains(node["type"]?.scalarText ?? "") {
            reader.error(
                "a `\(key)` cannot be a router",
                at: node["type"]?.position ?? node.position,
                key: key
            )
            return nil
        }
        return self.step(ConfigEntry(node, keyPath: keyPath), id: step.id, .body)
    }
}
