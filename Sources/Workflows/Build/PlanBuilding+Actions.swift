internal import Documents
internal import Expressions
internal import JSONWire
internal import Primitives

extension PlanBuilding {
    /// What a workflow component may name: the child's output too.
    private static let childSources = SourceSet.component.union(SourceSet(of: [.output]))

    /// Compiles one action; an inline one shares its reader with the component.
    func action(
        _ reader: inout SettingsReader,
        id: String,
        isDefault: Bool,
        _ owner: Owner,
        isInline: Bool
    ) -> ActionPlan? {
        (collected, openRequest) = ([], nil)
        let afterCrash =
            isInline ? owner.afterCrash : afterCrash(&reader, owner.type) ?? owner.afterCrash
        var completion = Completion.response
        var timeout = owner.timeout
        let kind: ActionPlan.Kind?
        switch owner.type {
        case .httpClient, .httpServer:
            if !isInline {
                timeout =
                    reader.duration("timeout", bareNumber: .documentMilliseconds) ?? timeout
            }
            let made = httpAction(&reader, owner, isInline: isInline)
            kind = made.action.map { .http($0) }
            completion = self.completion(&reader, owner, action: id, made, isInline: isInline)
        case .shell:
            if !isInline { timeout = reader.duration("timeout") ?? timeout }
            kind = shell(&reader, owner)
        case .workflow: kind = child(&reader, owner)
        case .logger:
            kind = .logger(
                LoggerAction(
                    level: template(&reader, "level", .component),
                    message: template(&reader, "message", .component),
                    data: template(&reader, "data", .component)
                )
            )
        case .delay: kind = delay(&reader, owner)
        }
        let sources: SourceSet =
            switch owner.type {
            case .httpClient, .httpServer: .answer
            case .workflow: Self.childSources
            case .shell, .logger, .delay: .component
            }
        let output = template(&reader, "output", sources)
        guard let kind else { return nil }
        let plan = ActionPlan(
            id: id,
            component: owner.id,
            isDefault: isDefault,
            kind: kind,
            output: output,
            completion: completion,
            timeout: timeout,
            repeatsAfterCrash: afterCrash.map { $0 == "repeat" } ?? (owner.type != .shell),
            position: reader.position,
            inputReferences: collected.flatMap(\.references).filter { $0.source == .input },
            inputHints: collected.flatMap(\.hints)
        )
        openRequests[ObjectIdentifier(plan)] = openRequest
        return plan
    }

    /// What becomes of a call that a crash interrupts, where it says so.
    func afterCrash(_ reader: inout SettingsReader, _ type: ComponentType) -> String? {
        switch type {
        case .httpClient, .httpServer, .shell: reader.oneOf("after_crash", ["repeat", "fail"])
        case .workflow, .logger, .delay: nil
        }
    }

    private func shell(_ reader: inout SettingsReader, _ owner: Owner) -> ActionPlan.Kind? {
        let directory = reader.node("working_dir") ?? owner.workingDirectory
        let environment = merged(owner.environment, reader.node("env"))
        let takesAny = reader.bool("ignore_exit_code", default: false)
        let input = template(&reader, "stdin", .component)
        guard let command = reader.node("command") else {
            incomplete(
                "`\(owner.id)` has no `command`, the list of a program and its arguments",
                at: owner.position,
                keyPath: reader.keyPath,
                keys: ["command"]
            )
            return nil
        }
        if case .list(let words) = command.content, words.isEmpty {
            reader.error(
                "found an empty list, expected a list of the program and its arguments",
                at: command.position,
                key: "command"
            )
            return nil
        }
        guard case .list = command.content else {
            reader.mismatch(
                command,
                key: "command",
                expected: "a list of the program and its arguments",
                suggestion: command.scalarText.map { text in
                    "[" + text.split(separator: " ").joined(separator: ", ") + "]"
                }
            )
            return nil
        }
        guard let template = template(command, .component, keyPath: reader.path("command")) else {
            return nil
        }
        return .shell(
            ShellAction(
                command: template,
                environment: environment.flatMap {
                    self.template($0, .component, keyPath: reader.path("env"))
                },
                workingDirectory: directory.flatMap {
                    self.template($0, .component, keyPath: reader.path("working_dir"))
                },
                standardInput: input,
                takesAnyExitCode: takesAny
            )
        )
    }

    /// The entries of two maps, the second one's winning.
    private func merged(_ below: Node?, _ above: Node?) -> Node? {
        guard let below, let above, case .map(let lower) = below.content,
            case .map(let upper) = above.content
        else { return above ?? below }
        let kept = lower.filter { entry in !upper.contains { $0.key == entry.key } }
        return Node(.map(kept + upper), at: above.position)
    }

    private func child(_ reader: inout SettingsReader, _ owner: Owner) -> ActionPlan.Kind {
        let node = reader.node("workflow")
        let id = node?.scalarText ?? "__default__"
        wantedWorkflows.append(
            (id, node?.position ?? owner.position, reader.path("workflow"))
        )
        return .workflow(id: id, input: template(&reader, "input", .component))
    }

    private func delay(_ reader: inout SettingsReader, _ owner: Owner) -> ActionPlan.Kind? {
        guard ["mode", "time", "duration"].contains(where: { reader.has($0) }) else {
            return .delay(
                DelayPlan(kind: .interval(nil), zones: settings.zones, position: reader.position)
            )
        }
        return delayPlan(&reader, .component).map { .delay($0) }
    }
}
