extension JSONValue {
    /// Appends the value as compact JSON text.
    ///
    /// Integers print as integers, other numbers keep their text. Does not recurse, so depth costs no stack.
    package func appendJSON(to bytes: inout [UInt8]) {
        write(to: &bytes, indent: nil)
    }

    /// The value as compact JSON text.
    package var jsonText: String {
        String(decoding: jsonBytes, as: UTF8.self)
    }

    /// The value as the UTF-8 of compact JSON text.
    package var jsonBytes: [UInt8] {
        var bytes: [UInt8] = []
        appendJSON(to: &bytes)
        return bytes
    }

    /// The value as JSON text for people: a line for each part, two spaces a level.
    package var prettyJSONText: String {
        var bytes: [UInt8] = []
        write(to: &bytes, indent: 2)
        return String(decoding: bytes, as: UTF8.self)
    }

    private func write(to bytes: inout [UInt8], indent: Int?) {
        var open: [OpenPart] = []
        Self.begin(self, &bytes, &open)
        while let last = open.indices.last {
            guard let part = open[last].nextPart() else {
                Self.breakLine(&bytes, indent, last)
                bytes.append(open[last].closing)
                open.removeLast()
                continue
            }
            if !part.isFirst { bytes.append(UInt8(ascii: ",")) }
            Self.breakLine(&bytes, indent, open.count)
            if let name = part.name {
                JSONWriter.append(name, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                if indent != nil { bytes.append(UInt8(ascii: " ")) }
            }
            Self.begin(part.value, &bytes, &open)
        }
    }

    /// Writes a scalar or an empty container, or opens a container.
    private static func begin(
        _ value: JSONValue,
        _ bytes: inout [UInt8],
        _ open: inout [OpenPart]
    ) {
        switch value {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .bool(let flag): bytes.append(contentsOf: (flag ? "true" : "false").utf8)
        case .integer(let integer): JSONWriter.append(integer, to: &bytes)
        case .number(let number): bytes.append(contentsOf: number.text.utf8)
        case .string(let text): JSONWriter.append(text, to: &bytes)
        case .array(let elements) where elements.isEmpty: bytes.append(contentsOf: "[]".utf8)
        case .object(let object) where object.isEmpty: bytes.append(contentsOf: "{}".utf8)
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            open.append(.array(elements, next: 0))
        case .object(let object):
            bytes.append(UInt8(ascii: "{"))
            open.append(.object(object.members, next: 0))
        }
    }

    private static func breakLine(_ bytes: inout [UInt8], _ indent: Int?, _ depth: Int) {
        guard let indent else { return }
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indent * depth))
    }
}

/// A container that is being written.
private enum OpenPart {
    case array([JSONValue], next: Int)
    case object([JSONObject.Member], next: Int)

    /// The byte that ends it.
    var closing: UInt8 {
        switch self {
        case .array: UInt8(ascii: "]")
        case .object: UInt8(ascii: "}")
        }
    }

    /// The next part to write; nil after the last.
    mutating func nextPart() -> (name: String?, value: JSONValue, isFirst: Bool)? {
        switch self {
        case .array(let elements, let next):
            guard next < elements.count else { return nil }
            self = .array(elements, next: next + 1)
            return (nil, elements[next], next == 0)
        case .object(let members, let next):
            guard next < members.count else { return nil }
            self = .object(members, next: next + 1)
            return (members[next].name, members[next].value, next == 0)
        }
    }
}
