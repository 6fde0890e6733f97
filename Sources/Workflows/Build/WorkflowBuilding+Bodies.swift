internal import Documents
internal import Expressions
internal import JSONWire
internal import Primitives

/// Jobs that have other jobs inside.
extension WorkflowBuilding {
    func each(_ reader: inout SettingsReader, _ place: Place) -> StepWork? {
        if parts[place.index].input == nil, !reader.has("input") {
            reader.missing("input", expected: "the list of items")
        }
        let parallel = reader.integer("batch_size", in: 1...10_000, default: 1)
        let failures = reader.oneOf("failures", ["first", "collect"])
        guard let body = body(&reader, place) else { return nil }
        return .each(
            EachPlan(
                body: body,
                count: nil,
                parallelMax: parallel,
                collectsFailures: failures == "collect"
            )
        )
    }

    func loop(_ reader: inout SettingsReader, _ place: Place) -> StepWork? {
        let iterations = reader.integer("max_iteration_count", in: 1...10_000, default: 100)
        let goesOn = reader.node("while")
        let stops = reader.node("until")
        let body = body(&reader, place, isSeries: true)
        guard let node = goesOn ?? stops, (goesOn == nil) != (stops == nil) else {
            reader.missing(["while", "until"], "a loop needs one of `while` and `until`")
            return nil
        }
        let key = goesOn == nil ? "until" : "while"
        guard
            let condition = condition(
                node,
                place,
                keyPath: reader.path(key),
                with: [.item, .index]
            ), let body
        else { return nil }
        return .loop(
            LoopPlan(
                body: body,
                condition: condition,
                goesOnWhenTrue: goesOn != nil,
                iterationsMax: iterations
            )
        )
    }

    /// Reads a `pipeline`: jobs one after another.
    func pipeline(_ reader: inout SettingsReader, _ place: Place) -> StepWork? {
        guard let nodes = reader.list("steps") else {
            reader.missing("steps", expected: "a list of jobs without ids")
            return nil
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
            body(node, keyPath: path.item(index).text, key: "steps", reader, place, isSeries: true)
        }
        guard bodies.count == nodes.count, !bodies.isEmpty else { return nil }
        return .pipeline(PipelinePlan(bodies: bodies))
    }

    /// Reads an `accumulate`: the same job for every item, each with what the one before it came to.
    func fold(_ reader: inout SettingsReader, _ place: Place) -> StepWork? {
        if parts[place.index].input == nil, !reader.has("input") {
            reader.missing("input", expected: "the list of items")
        }
        let start = template(&reader, "accumulator", place)
        return body(&reader, place, isFold: true).map { .fold(FoldPlan(body: $0, start: start)) }
    }

    /// Reads a `fan-out`: the names under which its input is handed on.
    func fanOut(_ reader: inout SettingsReader, _ place: Place) -> StepWork? {
        if parts[place.index].input == nil, !reader.has("input") {
            reader.missing("input", expected: "what is handed on")
        }
        guard let node = reader.node("output") else {
            reader.missing("output", expected: "a list of names")
            return nil
        }
        guard case .list = node.content, let names = reader.texts("output"), !names.isEmpty else {
            reader.mismatch(node, key: "output", expected: "a list of names")
            return nil
        }
        guard Set(names).count == names.count else {
            reader.error("the names differ from each other", at: node.position, key: "output")
            return nil
        }
        return .fanOut(names)
    }

    /// The `do` of a for-each, loop or accumulate.
    private func body(
        _ reader: inout SettingsReader,
        _ place: Place,
        isSeries: Bool = false,
        isFold: Bool = false
    ) -> Int? {
        guard let node = reader.node("do") else {
            reader.missing("do", expected: "a job without id")
            return nil
        }
        return body(
            node,
            keyPath: reader.path("do"),
            key: "do",
            reader,
            place,
            isSeries: isSeries,
            isFold: isFold
        )
    }

    /// A job inside of another.
    private func body(
        _ node: Node,
        keyPath: String,
        key: String,
        _ reader: SettingsReader,
        _ place: Place,
        isSeries: Bool,
        isFold: Bool = false
    ) -> Int? {
        if ["if", "switch", "random-router"].contains(node["type"]?.scalarText ?? "") {
            reader.error(
                "a `\(key)` cannot be a router",
                at: node["type"]?.position ?? node.position,
                key: key
            )
            return nil
        }
        var part = StepParts(
            id: parts[place.index].id,
            type: "component",
            position: node.position
        )
        part.role = .body(of: place.index)
        // In a series `${output}` is that of the iteration or step before.
        part.previous = isSeries ? -1 : parts[place.index].previous
        let index = parts.count
        parts.append(part)
        compile(
            PlanBuilding.Thing(key: nil, node: node, position: node.position, keyPath: keyPath),
            Place(
                index: index,
                isBody: true,
                isFold: isFold || place.isFold,
                isHandler: place.isHandler
            )
        )
        return index
    }
}
