/// The header fields of a message in the order they came.
package struct HTTPFields: Sendable, Equatable {
    /// One field.
    package struct Field: Sendable, Equatable {
        /// The name as it was written.
        package let name: String
        /// The value without the space around it.
        package let value: String
    }

    /// All fields in order.
    package private(set) var all: [Field] = []

    /// The value of the first field of this name, whatever its case.
    package subscript(name: String) -> String? {
        all.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// The values of all fields of this name, whatever its case.
    package func values(of name: String) -> [String] {
        all.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }

    /// Reads `Name: value` lines up to the empty one.
    static func read(
        from stream: BufferedConnection,
        deadline: Deadline
    ) throws(KitError) -> HTTPFields {
        var fields = HTTPFields()
        while true {
            guard let line = try stream.line(deadline: deadline) else {
                throw .closed(doing: "reading the header section")
            }
            if line.isEmpty { return fields }
            guard let colon = line.firstIndex(of: ":") else { throw .malformed(line) }
            let value = line[line.index(after: colon)...]
            let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
            let trimmed = value.drop(while: isSpace).reversed().drop(while: isSpace).reversed()
            fields.all.append(Field(name: String(line[..<colon]), value: String(trimmed)))
        }
    }
}
