internal import Documents
internal import Expressions
internal import JSONWire
internal import Primitives

extension WorkflowBuilding {
    /// The job types there are.
    static let types = [
        "component", "wait", "delay", "if", "switch", "random-router", "filter", "for-each", "loop",
        "pipeline", "accumulate", "fan-out",
    ]
    private static let notedKeys = ["stream_format", "buffer_size", "spool"]

    /// What a step's templates may name at a place.
    func sources(_ place: Place, with more: [Source] = []) -> SourceSet {
        var named: [Source] = [.input, .jobs, .context, .gateway, .env, .secret, .output]
        if place.isBody { named += [.item, .index] }
        if place.isFold { named += [.accumulator] }
        if place.isHandler { named += [.error] }
        return SourceSet(of: named + more)
    }

    /// Compiles one step into its place.
    func compile(_ thing: PlanBuilding.Thing, _ place: Place) {
        var reader = SettingsReader(
            thing.node,
            keyPath: thing.keyPath,
            diagnostics: diagnostics,
            filling: plans.filling
        )
        guard case .map = thing.node.content else { return }
        reader.note("id", "name", "title", "description", "type")
        let type = thing.node["type"]?.scalarText ?? "component"
        guard Self.types.contains(type) else {
            let listed = Self.types.map { "`\($0)`" }.joined(separator: ", ")
            diagnostics.error(
                "there is no job type `\(type.clipped)`; there are \(listed)",
                at: thing.node["type"]?.position ?? thing.position,
                keyPath: reader.path("type"),
                suggestion: NearestName.suggest(type, among: Self.types)
            )
            return
        }
        parts[place.index].type = type
        readCommon(&reader, place, isRouter: ["if", "switch", "random-router"].contains(type))
        readWork(&reader, place, type)
        // Behind the work, so that the first place of a name is told and not that in a handler.
        readOnError(&reader, place)
        reader.finish(noted: Self.notedKeys, refused: RefusedKeys.jobs)
    }

    private func readCommon(_ reader: inout SettingsReader, _ place: Place, isRouter: Bool) {
        let index = place.index
        if let input = reader.node("input") {
            parts[index].input = template(
                input,
                place,
                keyPath: reader.path("input"),
                isInput: true
            )
        }
        if !isRouter, parts[index].type != "fan-out" {
            parts[index].output = template(&reader, "output", place)
        }
        if parts[index].type != "wait" { parts[index].timeout = reader.duration("timeout") }
        parts[index].runCountMax = reader.integer(
            "max_run_count",
            in: 1...10_000,
            default: 25
        )
        parts[index].retry = retry(&reader, place)
        readInterrupts(&reader, place)
        if place.isBody {
            if let node = reader.node("depends_on") {
                reader.error(
                    "a `do` cannot depend on other jobs",
                    at: node.position,
                    key: "depends_on"
                )
            }
        } else {
            readDependencies(&reader, place)
        }
    }

    /// Compiles a template of a step and keeps what it refers to.
    func template(
        _ node: Node,
        _ place: Place,
        keyPath: String,
        isInput: Bool = false,
        with more: [Source] = []
    ) -> Template? {
        let template = plans.template(node, sources(place, with: more), keyPath: keyPath)
        if let template { keep(template, place, isInput: isInput, keyPath: keyPath) }
        return template
    }

    /// Compiles the value of a key of a step.
    func template(
        _ reader: inout SettingsReader,
        _ key: String,
        _ place: Place,
        with more: [Source] = []
    ) -> Template? {
        guard let node = reader.node(key) else { return nil }
        return template(node, place, keyPath: reader.path(key), with: more)
    }

    /// Compiles a condition of a step and keeps what it refers to.
    func condition(
        _ node: Node,
        _ place: Place,
        keyPath: String,
        isInput: Bool = false,
        with more: [Source] = []
    ) -> Condition? {
        let condition = plans.condition(node, sources(place, with: more), keyPath: keyPath)
        for reference in condition?.references ?? [] {
            references.append((place.index, reference, isInput))
        }
        return condition
    }

    private func keep(_ template: Template, _ place: Place, isInput: Bool, keyPath: String) {
        for reference in template.references {
            references.append((place.index, reference, isInput))
        }
        keep(template.references, template.hints)
    }

    private func readDependencies(_ reader: inout SettingsReader, _ place: Place) {
        guard let entries = reader.oneOrMore("depends_on") else { return }
        if place.isHandler {
            reader.error(
                "a job of `on_error` runs after the one before it and depends on nothing else",
                at: entries.first?.position ?? reader.position,
                key: "depends_on"
            )
            return
        }
        for entry in entries {
            var group: [Int] = []
            if case .list(let alternatives) = entry.content {
                group = alternatives.compactMap { dependency($0, reader, place) }
                if alternatives.isEmpty {
                    reader.error(
                        "found an empty list, expected ids of jobs",
                        at: entry.position,
                        key: "depends_on"
                    )
                }
            } else if let one = dependency(entry, reader, place) {
                group = [one]
            }
            if !group.isEmpty { parts[place.index].dependencies.append(group) }
        }
    }

    private func dependency(_ node: Node, _ reader: SettingsReader, _ place: Place) -> Int? {
        guard let target = step(node, reader, "depends_on") else { return nil }
        guard target != place.index else {
            reader.error(
                "job `\(parts[target].id)` depends on itself",
                at: node.position,
                key: "depends_on"
            )
            return nil
        }
        return target
    }

    /// The top-level step that a node names.
    func step(_ node: Node, _ reader: SettingsReader, _ key: String) -> Int? {
        guard let id = node.scalarText else {
            reader.mismatch(node, key: key, expected: "the id of a job")
            return nil
        }
        if let index = topIDs[id] { return index }
        reader.error(
            "there is no job `\(id.clipped)` in this workflow",
            at: node.position,
            key: key,
            suggestion: NearestName.suggest(id, among: topIDs.keys.sorted())
        )
        return nil
    }

    /// The step a route leads to; remembers the route.
    func route(_ node: Node?, _ reader: SettingsReader, _ key: String, _ place: Place) -> Int? {
        guard let node, !node.isNull, let target = step(node, reader, key) else { return nil }
        if place.isBody || place.isHandler {
            reader.error(
                "only a job of the workflow's own list can lead to another",
                at: node.position,
                key: key
            )
            return nil
        }
        routes.append((place.index, target))
        parts[target].isRouted = true
        return target
    }
}
