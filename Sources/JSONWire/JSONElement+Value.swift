internal import CJSONScan

extension JSONElement {
    /// The value with all that is in it, as one that owns its parts; of repeated members the last counts.
    ///
    /// Does not recurse, so depth costs no stack.
    /// - Complexity: O(n) in what is inside.
    package func value() -> JSONValue {
        var open: [OpenContainer] = []
        var at = place
        while true {
            if open.last?.isObject == true {
                open[open.count - 1].name = sibling(at: at).copyString() ?? ""
                at += 1
            }
            let element = sibling(at: at)
            let next = element.entry.next
            at += 1
            if next > at {
                open.append(OpenContainer(isObject: element.kind == .object, end: next))
                continue
            }
            var value = element.leaf
            while let last = open.indices.last {
                open[last].add(value)
                guard open[last].end == at else { break }
                value = open[last].finished
                open.removeLast()
            }
            if open.isEmpty { return value }
        }
    }

    /// The value of a scalar or an empty container.
    private var leaf: JSONValue {
        switch kind {
        case .null: .null
        case .bool: .bool(bool ?? false)
        case .integer: .integer(integer ?? 0)
        case .number: .number(JSONNumber(validated: numberText ?? "0"))
        case .string: .string(copyString() ?? "")
        case .array: .array([])
        case .object: .object([:])
        }
    }
}

/// A container whose parts are being read.
private struct OpenContainer {
    let isObject: Bool
    /// The tape index after its last part.
    let end: UInt32
    /// The name of the member being read.
    var name = ""
    private var elements: [JSONValue] = []
    private var object = JSONObject()

    init(isObject: Bool, end: UInt32) {
        self.isObject = isObject
        self.end = end
    }

    mutating func add(_ value: JSONValue) {
        if isObject { object[name] = value } else { elements.append(value) }
    }

    var finished: JSONValue { isObject ? .object(object) : .array(elements) }
}
