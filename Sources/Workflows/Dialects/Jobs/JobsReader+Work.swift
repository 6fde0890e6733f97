internal import Documents
internal import Primitives

extension JobsReader {
    /// Reads what a job does.
    func work(_ reader: inout SettingsReader, _ step: StepDraft) -> WorkDraft {
        switch step.type {
        case "component": call(&reader)
        case "wait": wait(&reader)
        case "delay": DelayDraft.read(&reader).map { .delay($0) } ?? .nothing([])
        case "if": choices(&reader)
        case "switch": cases(&reader)
        case "random-router": lots(&reader)
        case "filter": .filter(Written(&reader, "where"))
        case "for-each": each(&reader, step)
        case "pipeline": pipeline(&reader, step)
        case "accumulate": fold(&reader, step)
        case "fan-out": fanOut(&reader)
        default: loop(&reader, step)
        }
    }

    private func call(_ reader: inout SettingsReader) -> WorkDraft {
        let node = reader.node("component")
        let action = reader.node("action")
        let count = Written(&reader, "repeat_count")
        return .call(
            CallDraft(
                component: component(node, reader),
                action: WrittenName(
                    text: action?.scalarText ?? "__default__",
                    position: action?.position ?? reader.position,
                    keyPath: reader.path("action")
                ),
                count: count?.node.raw == "1" ? nil : count
            )
        )
    }

    private func component(_ node: Node?, _ reader: SettingsReader) -> CallDraft.Component {
        guard let node else { return .unnamed }
        if case .map = node.content {
            return .inline(ConfigEntry(node, keyPath: reader.path("component")))
        }
        guard let id = node.scalarText else {
            reader.mismatch(
                node,
                key: "component",
                expected: "the id of a component, or a component"
            )
            return .refused
        }
        return .named(
            WrittenName(text: id, position: node.position, keyPath: reader.path("component"))
        )
    }

    private func wait(_ reader: inout SettingsReader) -> WorkDraft {
        let timeout = reader.duration("timeout")
        let channel = ChannelDraft(&reader)
        let key = reader.node(anyOf: ["wait_for", "key"])
        if key == nil { reader.missing("wait_for", expected: "the key to wait for") }
        return .wait(
            WaitDraft(
                key: key.map { Written($0.node, keyPath: reader.path($0.key)) },
                timeout: timeout,
                channel: channel
            )
        )
    }

    /// Reads a `fan-out`: the names under which its input is handed on.
    private func fanOut(_ reader: inout SettingsReader) -> WorkDraft {
        if !reader.has("input") {
            reader.missing("input", expected: "what is handed on")
        }
        guard let node = reader.node("output") else {
            reader.missing("output", expected: "a list of names")
            return .nothing([])
        }
        guard case .list = node.content, let names = reader.texts("output"), !names.isEmpty else {
            reader.mismatch(node, key: "output", expected: "a list of names")
            return .nothing([])
        }
        guard Set(names).count == names.count else {
            reader.error("the names differ from each other", at: node.position, key: "output")
            return .nothing([])
        }
        return .fanOut(names)
    }
}
