/// One event of a YAML text, as libyaml's parser tells it.
struct YAMLEvent {
    /// A place as libyaml counts: line and column from 0, columns in characters.
    struct Mark: Hashable {
        var line: Int
        var column: Int
    }

    /// How a scalar is written.
    enum Style {
        case plain
        case singleQuoted
        case doubleQuoted
        /// `|` or `>`.
        case block
    }

    /// What is common to everything that can be named and tagged.
    struct Properties {
        var anchor: String?
        var tag: String?
    }

    /// What happens.
    enum Content {
        case documentStart
        case documentEnd
        case streamEnd
        case alias(String)
        case scalar(text: String, style: Style, Properties)
        case listStart(Properties)
        case mapStart(Properties)
        case collectionEnd
        /// The start of the stream, which says nothing.
        case nothing
    }

    var content: Content
    var start: Mark
    var end: Mark
}

/// Why libyaml stopped.
struct YAMLProblem: Error {
    /// libyaml's words for what it met.
    var problem: String
    /// libyaml's words for what it was doing; empty where it says nothing.
    var context: String
    /// Where it met it; nil for errors of the text's encoding, which have an offset.
    var mark: YAMLEvent.Mark?
    /// Where what it was doing began.
    var contextMark: YAMLEvent.Mark?
    /// The byte, where there is no mark.
    var offset: Int
}
