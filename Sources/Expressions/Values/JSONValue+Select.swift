package import JSONWire

extension JSONValue {
    /// The value a path leads to; null where anything on it is missing or of another kind.
    ///
    /// - Complexity: O(steps), times the elements that `[*]` goes over.
    package func select(_ steps: ArraySlice<PathStep>) -> JSONValue {
        var value = self
        for (place, step) in zip(steps.indices, steps) {
            switch step {
            case .member(let name): value = value[name.text] ?? .null
            case .index(let index):
                guard case .array(let elements) = value,
                    let found = Self.place(index, in: elements.count)
                else { return .null }
                value = elements[found]
            case .slice(let lower, let upper):
                guard case .array(let elements) = value else { return .null }
                value = .array(Array(elements[Self.range(lower, upper, in: elements.count)]))
            case .all:
                guard case .array(let elements) = value else { return .null }
                let rest = steps[(place + 1)...]
                return rest.isEmpty ? value : .array(elements.map { $0.select(rest) })
            }
            if value.isNull { return .null }
        }
        return value
    }

    /// The value a path leads to; null where anything on it is missing or of another kind.
    package func select(_ steps: [PathStep]) -> JSONValue {
        select(steps[...])
    }

    /// The place of an index that may count from the end; nil beyond the list.
    static func place(_ index: Int, in count: Int) -> Int? {
        let place = index < 0 ? index + count : index
        return (0..<count).contains(place) ? place : nil
    }

    /// The places between two bounds that may count from the end, or lie beyond it.
    static func range(_ lower: Int?, _ upper: Int?, in count: Int) -> Range<Int> {
        let bounds = [lower ?? 0, upper ?? count].map { bound in
            min(max(bound < 0 ? bound + count : bound, 0), count)
        }
        return bounds[0]..<max(bounds[0], bounds[1])
    }
}
