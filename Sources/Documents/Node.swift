/// A place in a configuration text; line and column count from 1, columns in characters.
package struct SourcePosition: Sendable, Hashable {
    /// The file's name as the user gave it.
    package var file: String
    /// The line, from 1.
    package var line: Int
    /// The column, from 1.
    package var column: Int

    /// Makes a place from its file, line and column.
    package init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// The place of what is said of no text: a file that cannot be read, an option.
    package static let nowhere = SourcePosition(file: "", line: 0, column: 0)

    /// The place as compilers write it: `file:line:column`.
    package var description: String { "\(file):\(line):\(column)" }
}

/// One value of a configuration document, with the place it was written at.
package struct Node: Sendable {
    /// What a value is.
    ///
    /// Plain scalars are typed by the YAML 1.2 core schema; quoted ones are text.
    package enum Content: Sendable {
        case null
        case bool(Bool)
        case integer(Int64)
        /// A number that is no 64-bit integer, as written.
        case number(String)
        case text(String)
        case list([Node])
        case map([Entry])
    }

    /// One key and value of a map, in the order written; keys are unique.
    package struct Entry: Sendable {
        /// The key's text.
        package let key: String
        /// Where the key stands.
        package let keyPosition: SourcePosition
        /// The value.
        package let value: Node

        /// Pairs a key with its value.
        package init(key: String, keyPosition: SourcePosition, value: Node) {
            self.key = key
            self.keyPosition = keyPosition
            self.value = value
        }
    }

    /// What the value is.
    package var content: Content
    /// Where it stands: its first character.
    package var position: SourcePosition
    /// The scalar exactly as written (`007`, `1.50`, `yes`); empty for lists and maps.
    package var raw: String
    /// Whether a scalar was written as one plain or quoted line, so that offsets into its text are columns of the source.
    package var textStartsAtColumn: Int?

    /// Makes a value from what it is and where it stands.
    package init(
        _ content: Content,
        at position: SourcePosition,
        raw: String = "",
        textStartsAtColumn: Int? = nil
    ) {
        self.content = content
        self.position = position
        self.raw = raw
        self.textStartsAtColumn = textStartsAtColumn
    }

    /// The value of a map's key; nil where this is no map or has no such key.
    package subscript(key: String) -> Node? {
        guard case .map(let entries) = content else { return nil }
        return entries.first { $0.key == key }?.value
    }

    /// The word for the kind of value in messages: `null`, `boolean`, `integer`, `number`, `text`, `list`, `map`.
    package var kindName: String {
        switch content {
        case .null: "null"
        case .bool: "boolean"
        case .integer: "integer"
        case .number: "number"
        case .text: "text"
        case .list: "list"
        case .map: "map"
        }
    }
}
