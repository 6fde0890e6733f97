internal import Documents

/// Reads workflows that are written as `jobs:`.
struct JobsReader {
    /// Puts the environment into settings that are fixed at load.
    let filling: SettingFilling
    let diagnostics: Diagnostics

    /// The keys of which one makes a workflow without `jobs` a single job.
    private static let inlineKeys = ["component", "action", "input"]

    func workflow(_ entry: ConfigEntry) -> WorkflowDraft {
        var reader = reader(entry.node, keyPath: entry.keyPath)
        let id = identifier(&reader, entry, default: "__workflow__")
        let title = reader.text("title") ?? reader.text("name")
        let description = reader.text("description")
        let isDefault = reader.bool("default", default: false)
        let isPrivate = reader.bool("private", default: false)
        let timeout = reader.duration("timeout")
        reader.note("job", "jobs", "name")
        let steps = steps(entry, &reader)
        let output = Written(&reader, "output")
        reader.finish(noted: ["input"], refused: RefusedKeys.workflows)
        return WorkflowDraft(
            rules: JobsDialect.rules,
            id: id,
            title: title,
            description: description,
            isDefault: isDefault,
            isPrivate: isPrivate,
            timeout: timeout,
            steps: steps,
            output: output,
            position: entry.position
        )
    }

    /// Begins to read a map of the workflow.
    func reader(_ node: Node, keyPath: String) -> SettingsReader {
        SettingsReader(node, keyPath: keyPath, diagnostics: diagnostics, filling: filling)
    }

    /// The id: the key in a map, else `id`, else a default.
    private func identifier(
        _ reader: inout SettingsReader,
        _ entry: ConfigEntry,
        default fallback: String
    ) -> String {
        let written = reader.text("id")
        if let key = entry.key {
            if let written, written != key {
                reader.error(
                    "found the id `\(written)` under the key `\(key)`",
                    at: entry.position,
                    key: "id"
                )
            }
            return key
        }
        if written == "__default__" {
            reader.error("`__default__` is not an id", at: reader.position, key: "id")
        }
        return written ?? fallback
    }

    /// Reads the workflow's own jobs, or the one that stands on the workflow itself.
    private func steps(_ entry: ConfigEntry, _ reader: inout SettingsReader) -> [StepDraft] {
        var steps = ConfigEntry.all(entry.node, "job", "jobs", in: entry.keyPath, diagnostics)
            .filter {
                if case .map(let entries) = $0.node.content { return !entries.isEmpty }
                return true
            }
        let isInline =
            steps.isEmpty && !reader.has("jobs")
            && Self.inlineKeys.contains { [reader] in reader.has($0) }
        if isInline, case .map(let entries) = entry.node.content {
            let kept = entries.filter { Self.inlineKeys.contains($0.key) }
            let node = Node(.map(kept), at: entry.node.position)
            steps = [ConfigEntry(node, at: entry.position, keyPath: entry.keyPath)]
            reader.note("component", "action", "input")
        }
        return steps.enumerated().map { index, step in
            checkID(step)
            let written = step.key ?? step.node["id"]?.scalarText
            // Of several jobs without an id, each has its number.
            let id = written ?? (steps.count == 1 ? "__job__" : "job-\(index + 1)")
            return self.step(step, id: id, .top)
        }
    }

    private func checkID(_ step: ConfigEntry) {
        guard let node = step.node["id"], !node.isNull else { return }
        var message = ""
        if let text = node.scalarText {
            guard let key = step.key, text != key else { return }
            message = "found the id `\(text.clipped)` under the key `\(key)`"
        } else {
            message = "found \(node.found), expected the id of the job"
        }
        let keyPath = SettingsPath(step.keyPath).key("id").text
        diagnostics.error(message, at: node.position, keyPath: keyPath)
    }
}
