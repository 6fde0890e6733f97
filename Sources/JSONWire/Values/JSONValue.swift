internal import Glibc

/// A JSON value (RFC 8259) that owns its parts.
package enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    /// An integral number that fits 64 bits.
    case integer(Int64)
    /// Any other number; keeps the text it came with.
    case number(JSONNumber)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)

    /// Whether this is `null`.
    package var isNull: Bool {
        if case .null = self { true } else { false }
    }

    /// The member of an object, or nil where this is no object or has no such member.
    package subscript(name: String) -> JSONValue? {
        if case .object(let object) = self { object[name] } else { nil }
    }

    /// The text of a string; nil for anything else.
    package var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The word for the kind of value, as error messages name it: `null`, `boolean`, `integer`, `number`, `text`, `list`, `map`.
    package var kindName: String {
        switch self {
        case .null: "null"
        case .bool: "boolean"
        case .integer: "integer"
        case .number: "number"
        case .string: "text"
        case .array: "list"
        case .object: "map"
        }
    }
}

/// A JSON number that is not a 64-bit integer: its text as it came, and its nearest double.
package struct JSONNumber: Sendable, Hashable {
    /// The number as RFC 8259 writes it.
    package let text: String

    /// Takes a text that was checked against the grammar of RFC 8259, section 6.
    package init(validated text: String) {
        self.text = text
    }

    /// Makes a number from a finite double, in the shortest text that reads back the same; nil for infinities and NaN.
    package init?(_ value: Double) {
        guard value.isFinite else { return nil }
        text = value.description
    }

    /// The nearest double; infinite where the text is beyond its range.
    package var double: Double {
        Double(text) ?? (text.first == "-" ? -.infinity : .infinity)
    }
}

/// The members of a JSON object in the order they came; names are unique.
///
/// Names are equal when their UTF-8 is (RFC 8259, 8.3), which is stricter than Swift's equality of strings. Look-up is a
/// linear scan up to 16 members and a dictionary beyond.
package struct JSONObject: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    /// One named value.
    package struct Member: Sendable, Hashable {
        /// The member's name.
        package let name: String
        /// The member's value.
        package var value: JSONValue
    }

    /// The members in order.
    package private(set) var members: [Member] = []
    private var positions: [Name: Int]?

    /// How many members are looked through one by one.
    static let scanMembersMax = 16

    /// Makes an object without members.
    package init() {}

    /// Makes an object of members whose names are distinct.
    init(distinct members: [Member]) {
        self.members = members
        if members.count > Self.scanMembersMax { positions = Self.index(members) }
    }

    /// Makes an object from pairs; of repeated names the last counts, in the place of the first.
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        for (name, value) in elements { self[name] = value }
    }

    /// The value of a member; setting nil takes the member out (O(n)).
    package subscript(name: String) -> JSONValue? {
        get {
            position(of: name).map { members[$0].value }
        }
        set {
            switch (position(of: name), newValue) {
            case (let found?, let value?): members[found].value = value
            case (let found?, nil): remove(at: found)
            case (nil, let value?): append(name, value)
            case (nil, nil): break
            }
        }
    }

    /// How many members there are.
    package var count: Int { members.count }

    /// Whether there is no member.
    package var isEmpty: Bool { members.isEmpty }

    /// Objects are equal when they have the same members, in whatever order.
    package static func == (left: JSONObject, right: JSONObject) -> Bool {
        JSONValue.object(left) == JSONValue.object(right)
    }

    /// Hashes the names and what has no parts: containers inside would cost stack for each level.
    package func hash(into hasher: inout Hasher) {
        var combined = 0
        for member in members {
            var part = Hasher()
            part.combine(member.name)
            switch member.value {
            case .array(let elements): part.combine(elements.count)
            case .object(let object): part.combine(object.count)
            default: part.combine(member.value)
            }
            combined ^= part.finalize()
        }
        hasher.combine(combined)
    }

    private func position(of name: String) -> Int? {
        if let positions { return positions[Name(text: name)] }
        return members.firstIndex { Name.same($0.name, name) }
    }

    private mutating func append(_ name: String, _ value: JSONValue) {
        members.append(Member(name: name, value: value))
        if positions != nil {
            positions?[Name(text: name)] = members.count - 1
        } else if members.count > Self.scanMembersMax {
            positions = Self.index(members)
        }
    }

    private mutating func remove(at position: Int) {
        members.remove(at: position)
        positions = members.count > Self.scanMembersMax ? Self.index(members) : nil
    }

    private static func index(_ members: [Member]) -> [Name: Int] {
        var positions = [Name: Int](minimumCapacity: members.count)
        for (position, member) in members.enumerated() {
            positions[Name(text: member.name)] = position
        }
        return positions
    }

    /// A name that is equal to another by its bytes.
    private struct Name: Hashable {
        let text: String

        static func == (left: Name, right: Name) -> Bool { same(left.text, right.text) }

        func hash(into hasher: inout Hasher) {
            for byte in text.utf8 { hasher.combine(byte) }
        }

        static func same(_ left: String, _ right: String) -> Bool { left.hasSameBytes(as: right) }
    }
}

extension JSONValue {
    /// Values are equal when they are of one kind and say the same: strings byte by byte, numbers by their text, members
    /// in whatever order.
    ///
    /// Does not recurse, so depth costs no stack.
    /// - Complexity: O(n); scalars allocate nothing.
    package static func == (left: JSONValue, right: JSONValue) -> Bool {
        var pending: [(JSONValue, JSONValue)] = []
        guard same(left, right, &pending) else { return false }
        while let (left, right) = pending.popLast() {
            guard same(left, right, &pending) else { return false }
        }
        return true
    }

    /// Compares two values but for their parts, which are put to `pending`.
    private static func same(
        _ left: JSONValue,
        _ right: JSONValue,
        _ pending: inout [(JSONValue, JSONValue)]
    ) -> Bool {
        switch (left, right) {
        case (.null, .null): return true
        case (.bool(let left), .bool(let right)): return left == right
        case (.integer(let left), .integer(let right)): return left == right
        case (.number(let left), .number(let right)): return left == right
        case (.string(let left), .string(let right)): return left.hasSameBytes(as: right)
        case (.array(let left), .array(let right)):
            guard left.count == right.count else { return false }
            pending.append(contentsOf: zip(left, right))
            return true
        case (.object(let left), .object(let right)):
            guard left.count == right.count else { return false }
            for member in left.members {
                guard let other = right[member.name] else { return false }
                pending.append((member.value, other))
            }
            return true
        default: return false
        }
    }
}

extension String {
    /// Whether two strings are the same bytes; Swift's own equality takes what only looks the same, too.
    func hasSameBytes(as other: String) -> Bool {
        // Both counts are known, as is where the bytes stand, for all but strings that came from elsewhere.
        guard utf8.count == other.utf8.count else { return false }
        let isSame = unsafe utf8.withContiguousStorageIfAvailable { bytes in
            unsafe other.utf8.withContiguousStorageIfAvailable { others in
                guard let start = bytes.baseAddress, let other = others.baseAddress else {
                    return true
                }
                return unsafe memcmp(start, other, bytes.count) == 0
            }
        }
        if let isSame, let isSame { return isSame }
        return utf8.elementsEqual(other.utf8)
    }
}

extension JSONValue {
    /// Reads a whole JSON text into a value that owns its parts.
    ///
    /// - Parameters:
    ///   - bytes: The text, UTF-8; a BOM is skipped.
    ///   - depthMax: How many containers may lie inside each other.
    /// - Returns: The value.
    /// - Throws: ``JSONError`` where the text is no JSON or exceeds a bound.
    package static func parse(
        _ bytes: Span<UInt8>,
        depthMax: Int = 512
    ) throws(JSONError)
        -> JSONValue
    {
        try unsafe bytes.withUnsafeBufferPointer { text in
            unsafe JSONFrame.withValue(of: text, depthMax: depthMax)
        }.get()
    }

    /// Reads a whole JSON text into a value that owns its parts.
    ///
    /// - Throws: ``JSONError`` where the text is no JSON or exceeds a bound.
    package static func parse(
        _ bytes: [UInt8],
        depthMax: Int = 512
    ) throws(JSONError)
        -> JSONValue
    {
        try parse(bytes.span, depthMax: depthMax)
    }

    /// Reads a whole JSON text into a value that owns its parts.
    ///
    /// - Throws: ``JSONError`` where the text is no JSON or exceeds a bound.
    package static func parse(
        _ text: String,
        depthMax: Int = 512
    ) throws(JSONError)
        -> JSONValue
    {
        try parse([UInt8](text.utf8).span, depthMax: depthMax)
    }
}
