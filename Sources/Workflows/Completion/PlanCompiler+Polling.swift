internal import Documents
internal import Expressions
internal import JSONWire
internal import Primitives

extension PlanCompiler {
    /// Reads `completion` of the type `polling`, and warns of one that no answer can end well.
    func polling(_ reader: inout SettingsReader, _ owner: HTTPOwner) -> Completion {
        let request = httpAction(&reader, owner, isInline: false, isPoll: true)
        let plan = PollingPlan(
            request: request.action
                ?? HTTPAction(
                    base: nil,
                    path: nil,
                    method: .constant(.string("GET")),
                    headers: [],
                    params: nil,
                    body: nil,
                    server: nil
                ),
            status: template(&reader, "status", .answer),
            successWhen: reader.texts("success_when") ?? [],
            failWhen: reader.texts("fail_when") ?? [],
            interval: reader.duration("interval", default: .seconds(5)),
            timeout: reader.duration("timeout", default: .seconds(300))
        )
        advise(reader, plan)
        return .polling(plan)
    }

    private func advise(_ reader: SettingsReader, _ plan: PollingPlan) {
        let place = { (keys: [String]) in
            reader.entries.first { keys.contains($0.key) }?.value.position ?? reader.position
        }
        if let word = plan.successWhen.first(where: plan.failWhen.contains) {
            diagnostics.error(
                "`\(word)` is in `success_when` and in `fail_when`",
                at: place(["fail_when"]),
                keyPath: reader.path("fail_when")
            )
        }
        if let status = plan.status {
            adviseOfStatus(reader, plan, status)
        } else if let word = (plan.successWhen + plan.failWhen).first(where: {
            !StatusPattern.isPattern($0)
        }) {
            diagnostics.warning(
                "without `status` a poll is judged by its HTTP status, and `\(word.clipped)` is none",
                at: place(["success_when", "fail_when"]),
                keyPath: reader.keyPath,
                suggestion: "status: ${result.status}"
            )
        }
        if plan.interval > plan.timeout {
            diagnostics.warning(
                "the pause before the first poll (\(DurationText.spell(plan.interval))) is longer than the "
                    + "polling (\(DurationText.spell(plan.timeout))): it always ends as `request_timeout`",
                at: place(["interval", "timeout"]),
                keyPath: reader.keyPath
            )
        }
    }

    private func adviseOfStatus(
        _ reader: SettingsReader,
        _ plan: PollingPlan,
        _ status: Template
    ) {
        guard let node = reader.entries.first(where: { $0.key == "status" })?.value else { return }
        let path = reader.path("status")
        adviseOfConstant(
            status,
            Written(node, keyPath: path),
            .answer,
            "every poll has the same status",
            .result
        )
        if plan.successWhen.isEmpty, plan.failWhen.isEmpty {
            diagnostics.warning(
                "neither `success_when` nor `fail_when` says which status ends the polling: it always "
                    + "ends as `request_timeout`",
                at: node.position,
                keyPath: path,
                suggestion: "success_when: [done]"
            )
        }
    }

    /// Warns of a constant where only an expression makes sense.
    ///
    /// `member`: the source whose member a bare word was probably meant as; nil leaves bare words alone.
    func adviseOfConstant(
        _ template: Template,
        _ written: Written,
        _ sources: SourceSet,
        _ consequence: String,
        _ member: Source? = nil
    ) {
        guard let text = template.constant?.string else { return }
        let suggestion = ConstantText.expression(for: text, sources, memberOf: member)
        guard member != nil || suggestion != nil else { return }
        diagnostics.warning(
            "`\(text.clipped)` is a constant: \(consequence)",
            at: written.position,
            keyPath: written.keyPath,
            suggestion: suggestion
        )
    }

    /// Refuses what `${http}` has not.
    func checkHTTP(_ references: [Reference], keyPath: String) {
        for reference in references where reference.source == .http {
            guard case .member(let name)? = reference.steps.first,
                !["status", "headers"].contains(name.text)
            else { continue }
            let near =
                name.text == "header" ? "headers" : name.text.contains("code") ? "status" : nil
            diagnostics.error(
                "`http` has `status` and `headers`, not `\(name.text.clipped)`",
                at: reference.position,
                keyPath: keyPath,
                suggestion: near ?? NearestName.suggest(name.text, among: ["status", "headers"])
            )
        }
    }
}
