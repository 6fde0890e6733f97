internal import Documents
internal import Primitives

extension JobsReader {
    /// Where a job stands.
    enum Role {
        case top
        /// Inside another job, as its `do` or one of its `steps`.
        case body
        /// In the `on_error` list of another.
        case handler
    }

    /// The job types there are.
    private static let types = [
        "component", "wait", "delay", "if", "switch", "random-router", "filter", "for-each", "loop",
        "pipeline", "accumulate", "fan-out",
    ]
    static let routerTypes = ["if", "switch", "random-router"]
    private static let notedKeys = ["stream_format", "buffer_size", "spool"]

    /// Reads one job.
    func step(_ entry: ConfigEntry, id: String, _ role: Role) -> StepDraft {
        var step = StepDraft(
            id: id,
            type: "component",
            position: entry.position,
            valuePosition: entry.node.position,
            keyPath: entry.keyPath
        )
        var reader = reader(entry.node, keyPath: entry.keyPath)
        guard case .map = entry.node.content else { return step }
        reader.note("id", "name", "title", "description", "type")
        let type = entry.node["type"]?.scalarText ?? "component"
        guard Self.types.contains(type) else {
            let listed = Self.types.map { "`\($0)`" }.joined(separator: ", ")
            diagnostics.error(
                "there is no job type `\(type.clipped)`; there are \(listed)",
                at: entry.node["type"]?.position ?? entry.position,
                keyPath: reader.path("type"),
                suggestion: NearestName.suggest(type, among: Self.types)
            )
            return step
        }
        step.type = type
        readCommon(&reader, &step, role)
        step.work = work(&reader, step)
        step.onError = onError(&reader, step, role)
        reader.finish(noted: Self.notedKeys, refused: RefusedKeys.jobs)
        return step
    }

    private func readCommon(
        _ reader: inout SettingsReader,
        _ step: inout StepDraft,
        _ role: Role
    ) {
        step.input = Written(&reader, "input")
        if !Self.routerTypes.contains(step.type), step.type != "fan-out" {
            step.output = Written(&reader, "output")
        }
        if step.type != "wait" { step.timeout = reader.duration("timeout") }
        step.runCountMax = reader.integer("max_run_count", in: 1...10_000, default: 25)
        step.retry = retry(&reader)
        readInterrupts(&reader, &step)
        if role != .body {
            step.dependencies = dependencies(&reader, role)
        } else if let node = reader.node("depends_on") {
            reader.error(
                "a `do` cannot depend on other jobs",
                at: node.position,
                key: "depends_on"
            )
        }
    }

    private func dependencies(_ reader: inout SettingsReader, _ role: Role) -> [[WrittenName]] {
        guard let entries = reader.oneOrMore("depends_on") else { return [] }
        if role == .handler {
            reader.error(
                "a job of `on_error` runs after the one before it and depends on nothing else",
                at: entries.first?.position ?? reader.position,
                key: "depends_on"
            )
            return []
        }
        return entries.map { entry in
            guard case .list(let alternatives) = entry.content else {
                return [name(entry, reader, "depends_on")].compactMap(\.self)
            }
            if alternatives.isEmpty {
                reader.error(
                    "found an empty list, expected ids of jobs",
                    at: entry.position,
                    key: "depends_on"
                )
            }
            return alternatives.compactMap { name($0, reader, "depends_on") }
        }
    }

    /// The name of another job; nil where nothing stands there, or no name.
    func name(_ node: Node?, _ reader: SettingsReader, _ key: String) -> WrittenName? {
        guard let node, !node.isNull else { return nil }
        guard let id = node.scalarText else {
            reader.mismatch(node, key: key, expected: "the id of a job")
            return nil
        }
        return WrittenName(text: id, position: node.position, keyPath: reader.path(key))
    }

    /// A name at a key that need not be there.
    func name(_ reader: inout SettingsReader, _ key: String) -> WrittenName? {
        let node = reader.node(key)
        return name(node, reader, key)
    }
}
