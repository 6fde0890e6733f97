package import JSONWire

extension JSONElement {
    /// The element a path leads to; nil where anything on it is missing or of another kind.
    ///
    /// For paths of names and indices, which need no new value: nothing is allocated. `[a:b]` and `[*]` lead nowhere here;
    /// ``select(_:)-([PathStep])`` follows them.
    package func descend(_ steps: [PathStep]) -> JSONElement? {
        var element = self
        for step in steps {
            guard let next = element.step(step) else { return nil }
            element = next
        }
        return element
    }

    /// The element that one name or index leads to.
    private func step(_ step: PathStep) -> JSONElement? {
        switch step {
        case .member(let name): member(name)
        case .index(let index): element(at: index < 0 ? index + count : index)
        case .slice, .all: nil
        }
    }

    /// The value a path leads to; null where anything on it is missing or of another kind.
    ///
    /// Builds no more than what is named.
    package func select(_ steps: ArraySlice<PathStep>) -> JSONValue {
        var element = self
        for (place, step) in zip(steps.indices, steps) {
            switch step {
            case .member, .index:
                guard let next = element.step(step) else { return .null }
                element = next
            case .slice:
                return element.value().select(steps[place...])
            case .all:
                guard element.kind == .array else { return .null }
                let rest = steps[(place + 1)...]
                return .array(element.elements.map { $0.select(rest) })
            }
        }
        return element.value()
    }

    /// The value a path leads to; null where anything on it is missing or of another kind.
    package func select(_ steps: [PathStep]) -> JSONValue {
        select(steps[...])
    }
}
