package import JSONWire

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

extension Node {
    /// What was found, for messages: ``the text `abc` ``, `a list`, `nothing`.
    package var found: String {
        switch content {
        case .null: "nothing"
        case .bool, .integer, .number: "the \(kindName) `\(raw.clipped)`"
        case .text(let text): "the text `\(text.clipped)`"
        case .list: "a list"
        case .map: "a map"
        }
    }

    /// What was found, without what it says: `text`, `an integer`, `a list`.
    package var kindFound: String {
        switch content {
        case .null: "nothing"
        case .text: "text"
        case .integer: "an integer"
        default: "a \(kindName)"
        }
    }

    /// Whether this came out of the expressions of another value.
    func isFilled(from written: Node) -> Bool {
        guard case .text(let text) = written.content, text.contains("${") else { return false }
        return scalarText != text
    }

    /// The text of a scalar as it was written; nil for null, lists and maps.
    package var scalarText: String? {
        switch content {
        case .bool, .integer, .number: raw
        case .text(let text): text
        case .null, .list, .map: nil
        }
    }
}

extension Node {
    /// The value as JSON, without positions.
    ///
    /// A number that JSON cannot write as it stands (`+1.5`, `.5`, `0xFFFFFFFFFFFFFFFFFF`) becomes its nearest double;
    /// `.inf` and `.nan` stay text.
    package var jsonValue: JSONValue {
        switch content {
        case .null: .null
        case .bool(let flag): .bool(flag)
        case .integer(let integer): .integer(integer)
        case .number(let text): Self.number(text)
        case .text(let text): .string(text)
        case .list(let nodes): .array(nodes.map(\.jsonValue))
        case .map(let entries): .object(Self.object(entries))
        }
    }

    private static func object(_ entries: [Entry]) -> JSONObject {
        var object = JSONObject()
        for entry in entries { object[entry.key] = entry.value.jsonValue }
        return object
    }

    private static func number(_ text: String) -> JSONValue {
        // What the grammar of RFC 8259 takes keeps its text.
        if let parsed = Self.jsonNumber(text) { return parsed }
        if let double = Double(text), let number = JSONNumber(double) { return .number(number) }
        return .string(text)
    }

    private static func jsonNumber(_ text: String) -> JSONValue? {
        do {
            return try JSONValue.parse(text)
        } catch {
            // Not as JSON writes numbers: the caller has another way.
            return nil
        }
    }
}

extension Node {
    /// This value with another put over it: what several configuration files become.
    ///
    /// Maps are merged key by key, deeply. Lists whose items are all maps with an `id` are merged item by item by their
    /// `id`; new items go to the end. Anything else is replaced. Positions are those of the text that wrote the value.
    /// - Complexity: O(n) in both values; depth is bounded by that of the documents.
    package func merging(_ other: Node) -> Node {
        switch (content, other.content) {
        case (.map(let mine), .map(let theirs)):
            var merged = self
            merged.content = .map(Self.merge(mine, theirs))
            return merged
        case (.list(let mine), .list(let theirs)):
            guard let ids = Self.ids(mine), let otherIDs = Self.ids(theirs) else { return other }
            var merged = self
            merged.content = .list(Self.merge(mine, ids, theirs, otherIDs))
            return merged
        default:
            return other
        }
    }

    private static func merge(_ mine: [Entry], _ theirs: [Entry]) -> [Entry] {
        var merged = mine
        var places: [String: Int] = [:]
        for (place, entry) in mine.enumerated() { places[entry.key] = place }
        for entry in theirs {
            guard let place = places[entry.key] else {
                merged.append(entry)
                continue
            }
            merged[place] = Entry(
                key: entry.key,
                keyPosition: entry.keyPosition,
                value: merged[place].value.merging(entry.value)
            )
        }
        return merged
    }

    private static func merge(
        _ mine: [Node],
        _ ids: [String],
        _ theirs: [Node],
        _ otherIDs: [String]
    ) -> [Node] {
        var merged = mine
        var places: [String: Int] = [:]
        for (place, id) in ids.enumerated() { places[id] = place }
        for (node, id) in zip(theirs, otherIDs) {
            if let place = places[id] {
                merged[place] = merged[place].merging(node)
            } else {
                places[id] = merged.count
                merged.append(node)
            }
        }
        return merged
    }

    /// The ids of a list's items; nil where one has none, or the list is empty: an empty list replaces.
    private static func ids(_ nodes: [Node]) -> [String]? {
        guard !nodes.isEmpty else { return nil }
        var ids: [String] = []
        for node in nodes {
            guard let id = node["id"], !id.raw.isEmpty else { return nil }
            ids.append(id.raw)
        }
        return ids
    }
}
