internal import CJSONScan

extension JSONElement {
    /// The value with all that is in it, as one that owns its parts; of repeated members the last counts.
    ///
    /// Recurses only a few levels deep, so that depth costs no stack.
    /// - Complexity: O(n) in what is inside.
    package func value() -> JSONValue {
        unsafe ValueBuilder(root: self, entries: entries, text: text).value(at: place, depth: 0)
    }

    /// The same without any recursion.
    func flatValue() -> JSONValue {
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
    fileprivate var leaf: JSONValue {
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

/// Reads values off the tape of an open scan, each container in one allocation of its size.
@safe private struct ValueBuilder {
    /// How deep it calls itself; what lies deeper is read without.
    private static let depthMax = 16

    private let root: JSONElement
    private let entries: UnsafePointer<sluice_json_entry>
    private let text: UnsafePointer<UInt8>

    /// The pointers are those of the element's scan, which is open as long as the builder lives.
    init(
        root: JSONElement,
        entries: UnsafePointer<sluice_json_entry>,
        text: UnsafePointer<UInt8>
    ) {
        self.root = root
        unsafe self.entries = entries
        unsafe self.text = text
    }

    /// The value at a place of the tape.
    func value(at place: UInt32, depth: Int) -> JSONValue {
        let entry = entry(place)
        switch entry.kind {
        case UInt8(SLUICE_JSON_STRING.rawValue): return .string(string(entry, place))
        case UInt8(SLUICE_JSON_INTEGER.rawValue):
            return unsafe .integer(JSONElement.integer(in: text, of: entry))
        case UInt8(SLUICE_JSON_ARRAY.rawValue) where entry.next > place + 1:
            return depth < Self.depthMax
                ? array(place + 1, entry.next, depth) : root.sibling(at: place).flatValue()
        case UInt8(SLUICE_JSON_OBJECT.rawValue) where entry.next > place + 1:
            return depth < Self.depthMax
                ? object(place + 1, entry.next, depth) : root.sibling(at: place).flatValue()
        default: return root.sibling(at: place).leaf
        }
    }

    private func array(_ first: UInt32, _ end: UInt32, _ depth: Int) -> JSONValue {
        var count = 0
        var at = first
        while at < end {
            count += 1
            at = entry(at).next
        }
        var elements: [JSONValue] = []
        elements.reserveCapacity(count)
        at = first
        while at < end {
            elements.append(value(at: at, depth: depth + 1))
            at = entry(at).next
        }
        return .array(elements)
    }

    private func object(_ first: UInt32, _ end: UInt32, _ depth: Int) -> JSONValue {
        guard let count = distinctCount(first, end) else {
            return .object(mergedObject(first, end, depth))
        }
        var members: [JSONObject.Member] = []
        members.reserveCapacity(count)
        var at = first
        while at < end {
            let name = string(entry(at), at)
            members.append(
                JSONObject.Member(name: name, value: value(at: at + 1, depth: depth + 1))
            )
            at = entry(at + 1).next
        }
        return .object(JSONObject(distinct: members))
    }

    /// An object whose names may be repeated.
    private func mergedObject(_ first: UInt32, _ end: UInt32, _ depth: Int) -> JSONObject {
        var object = JSONObject()
        var at = first
        while at < end {
            object[string(entry(at), at)] = value(at: at + 1, depth: depth + 1)
            at = entry(at + 1).next
        }
        return object
    }

    /// How many members an object has whose names are certainly distinct; nil where that cannot be told quickly.
    private func distinctCount(_ first: UInt32, _ end: UInt32) -> Int? {
        var count = 0
        // The lengths of the names so far, modulo 64: names of distinct lengths need not be compared.
        var lengths: UInt64 = 0
        var at = first
        while at < end {
            let name = entry(at)
            if name.escaped != 0 || count == JSONObject.scanMembersMax { return nil }
            let length = UInt64(1) << UInt64((name.end &- name.start) & 63)
            if lengths & length != 0, isRepeated(name, among: first, before: at) { return nil }
            lengths |= length
            count += 1
            at = entry(at + 1).next
        }
        return count
    }

    /// Whether a name without escapes stands among the members before it.
    private func isRepeated(
        _ name: sluice_json_entry,
        among first: UInt32,
        before end: UInt32
    ) -> Bool {
        var at = first
        while at < end {
            let other = entry(at)
            if other.end &- other.start == name.end &- name.start,
                unsafe UnsafeBufferPointer(start: text + Int(other.start), count: length(name))
                    .elementsEqual(
                        UnsafeBufferPointer(start: text + Int(name.start), count: length(name))
                    )
            {
                return true
            }
            at = entry(at + 1).next
        }
        return false
    }

    private func length(_ entry: sluice_json_entry) -> Int { Int(entry.end &- entry.start) }

    /// The entry at a place; in bounds, because places come from the tape itself.
    private func entry(_ place: UInt32) -> sluice_json_entry { unsafe entries[Int(place)] }

    /// The text of a string at a place.
    private func string(_ entry: sluice_json_entry, _ place: UInt32) -> String {
        if entry.escaped != 0 { return root.sibling(at: place).copyString() ?? "" }
        // Between the two quotes that a checked string has.
        return unsafe String(
            decoding: UnsafeBufferPointer(
                start: text + Int(entry.start) + 1,
                count: length(entry) - 2
            ),
            as: UTF8.self
        )
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
