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
