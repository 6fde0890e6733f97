internal import JSONWire

/// A way into a JSON value: `.data.items[0].id`, `["a.b"]`.
struct JSONPath: Sendable, Hashable {
    /// One step of it.
    enum Step: Sendable, Hashable {
        /// To a member of an object.
        case member(String)
        /// To an element of a list, from 0.
        case element(Int)
    }

    /// The steps, in order.
    let steps: [Step]

    /// The path as it is written, without the dot in front.
    let text: String

    /// Reads what stands behind the name of a source; nil where it is no path.
    init?(_ text: Substring) {
        var steps: [Step] = []
        var rest = text
        while let first = rest.first {
            if first == "." {
                rest = rest.dropFirst()
                let name = rest.prefix { $0 != "." && $0 != "[" }
                guard !name.isEmpty else { return nil }
                steps.append(.member(String(name)))
                rest = rest.dropFirst(name.count)
                continue
            }
            guard first == "[", let end = rest.firstIndex(of: "]") else { return nil }
            let inside = rest[rest.index(after: rest.startIndex)..<end]
            if inside.count >= 2, inside.hasPrefix("\""), inside.hasSuffix("\"") {
                steps.append(.member(String(inside.dropFirst().dropLast())))
            } else if let index = Int(inside), index >= 0 {
                steps.append(.element(index))
            } else {
                return nil
            }
            rest = rest[rest.index(after: end)...]
        }
        guard steps.count <= 32 else { return nil }
        self.steps = steps
        self.text = String(text.hasPrefix(".") ? text.dropFirst() : text)
    }

    /// The value at the path's end; nil where there is none.
    func value(in root: JSONValue) -> JSONValue? {
        var value = root
        for step in steps {
            switch (step, value) {
            case (.member(let name), .object(let object)):
                guard let next = object[name] else { return nil }
                value = next
            case (.element(let index), .array(let elements)):
                guard index < elements.count else { return nil }
                value = elements[index]
            default: return nil
            }
        }
        return value
    }

    /// The text of a scalar at the path's end; nil where there is none, or null, a list or an object.
    func text(in root: JSONValue) -> String? {
        switch value(in: root) {
        case .string(let text)?: text
        case .integer(let integer)?: String(integer)
        case .number(let number)?: number.text
        case .bool(let flag)?: flag ? "true" : "false"
        case .null?, .array?, .object?, nil: nil
        }
    }
}
