internal import Documents
internal import Expressions
internal import JSONWire

extension WorkflowCompiler {
    /// Works out who waits for whom, and refuses what can never begin.
    func order(_ topCount: Int) {
        for index in parts.indices {
            let mine = references.filter { $0.step == index }
            infer(index, mine, topCount)
        }
        for index in 0..<topCount {
            for dependency in Set(parts[index].dependencies.joined()) {
                parts[dependency].dependents.append(index)
            }
        }
        for index in 0..<topCount { parts[index].dependents.sort() }
        refuseUnreachable(topCount)
    }

    private func infer(
        _ index: Int,
        _ mine: [(step: Int, reference: Reference, isInput: Bool)],
        _ topCount: Int
    ) {
        let owner = topLevel(index)
        var alternatives: [Int] = []
        var needed: [Int] = []
        for (_, reference, isInput) in mine {
            if reference.source == .output, isInput {
                needsPrevious(index, owner, reference, &needed)
            }
            guard reference.source == .jobs, let target = checkJob(reference, in: ""),
                target != owner
            else {
                refuseOwn(reference, index, owner)
                continue
            }
            if parts[target].isRouted { alternatives.append(target) } else { needed.append(target) }
        }
        guard !parts[owner].isRouted else { return }
        let known = Set(parts[owner].dependencies.joined())
        for target in needed where !known.contains(target) {
            if !parts[owner].dependencies.contains([target]) {
                parts[owner].dependencies.append([target])
            }
        }
        let open = Array(Set(alternatives).subtracting(known)).sorted()
        if !open.isEmpty, known.isDisjoint(with: alternatives) {
            parts[owner].dependencies.append(open)
        }
    }

    private func needsPrevious(
        _ index: Int,
        _ owner: Int,
        _ reference: Reference,
        _ needed: inout [Int]
    ) {
        let previous = parts[index].previous
        guard previous >= 0 else {
            if index == owner {
                diagnostics.error(
                    "`${output}` in the input of the first \(stepWord): there is no \(stepWord) before it",
                    at: reference.position,
                    suggestion: "${input}"
                )
            }
            return
        }
        if index == owner || topLevel(previous) != owner { needed.append(topLevel(previous)) }
    }

    private func refuseOwn(_ reference: Reference, _ index: Int, _ owner: Int) {
        guard reference.source == .jobs, index == owner,
            case .member(let name)? = reference.steps.first, topIDs[name.text] == owner
        else { return }
        diagnostics.error(
            "\(stepWord) `\(name.text)` refers to its own output",
            at: reference.position,
            suggestion: "${output}"
        )
    }

    /// The top-level step that a reference names, directly or through a step inside it; reports unknown ones.
    @discardableResult
    func checkJob(_ reference: Reference, in keyPath: String) -> Int? {
        guard reference.source == .jobs, case .member(let name)? = reference.steps.first else {
            return nil
        }
        guard let index = parts.firstIndex(where: { $0.id == name.text && !$0.isBody }) else {
            let known = parts.filter { !$0.isBody }.map(\.id)
            diagnostics.error(
                "there is no \(stepWord) `\(name.text.clipped)` in this workflow",
                at: reference.position,
                keyPath: keyPath,
                suggestion: NearestName.suggest(name.text, among: known)
            )
            return nil
        }
        if reference.steps.count > 1, reference.steps[1] != .member(JSONName("output")) {
            var rest = reference.steps.dropFirst()
            if case .member(let field)? = rest.first,
                NearestName.suggest(field.text, among: ["output"]) != nil
            {
                rest = rest.dropFirst()
            }
            diagnostics.error(
                "a \(stepWord) has only `output`, found `\(reference.text.clipped)`",
                at: reference.position,
                keyPath: keyPath,
                suggestion: "\(draft.rules.syntax.word(for: .jobs)).\(name.text).output"
                    + rest.map(\.text).joined()
            )
        }
        return topLevel(index)
    }

    /// The top-level step that a step belongs to.
    private func topLevel(_ index: Int) -> Int {
        var index = index
        while true {
            switch parts[index].role {
            case .top: return index
            case .handler(let outer), .body(let outer): index = outer
            }
        }
    }

    /// Finds what can begin at all, from the steps without dependencies on; the rest is refused.
    private func refuseUnreachable(_ topCount: Int) {
        var reached = Set<Int>()
        var hasChanged = true
        while hasChanged {
            hasChanged = false
            for index in 0..<topCount where !reached.contains(index) && canBegin(index, reached) {
                reached.insert(index)
                hasChanged = true
            }
        }
        var told = Set<Int>()
        for index in 0..<topCount where !reached.contains(index) && !told.contains(index) {
            let cycle = cycle(from: index, reached)
            guard told.isDisjoint(with: cycle) else { continue }
            told.formUnion(cycle)
            told.insert(index)
            refuse(index, cycle)
        }
    }

    private func canBegin(_ index: Int, _ reached: Set<Int>) -> Bool {
        if parts[index].isRouted {
            return routes.contains { $0.to == index && reached.contains($0.from) }
        }
        return parts[index].dependencies.allSatisfy { !reached.isDisjoint(with: $0) }
    }

    /// Follows what a step waits for until it comes round.
    private func cycle(from start: Int, _ reached: Set<Int>) -> [Int] {
        var way: [Int] = []
        var place = start
        while !way.contains(place) {
            way.append(place)
            let next =
                parts[place].isRouted
                ? routes.first { $0.to == place }?.from
                : parts[place].dependencies.joined().first { !reached.contains($0) }
            guard let next else { return way }
            place = next
        }
        return Array(way.drop { $0 != place })
    }

    private func refuse(_ index: Int, _ cycle: [Int]) {
        let first = cycle.first ?? index
        let names = (cycle + [first]).map { "`\(parts[$0].id)`" }.joined(separator: " → ")
        let message =
            parts[first].isRouted
            ? "\(stepWord) `\(parts[first].id)` can never run: only \(stepWord)s that follow from it "
                + "lead to it (\(names))"
            : "\(stepWord)s wait for each other and can never run: \(names)"
        diagnostics.error(message, at: parts[first].position)
    }
}
