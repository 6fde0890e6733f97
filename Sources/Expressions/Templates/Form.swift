internal import Documents
internal import JSONWire

/// What a ``Template`` evaluates: a value of the configuration with its expressions and structural operators.
indirect enum Form: Sendable {
    /// A value known at load.
    case constant(JSONValue)
    /// A string that is exactly one expression: its value, with its type.
    case expression(Piece)
    /// A string with expressions inside: text.
    case text([Piece])
    /// A list.
    case list([Element])
    /// A map.
    case map([Member])
    /// The sole key `?`: the value of the first branch that counts.
    case choice([Branch])
    /// The sole key `+`: texts, lists or maps as one.
    case joined(Form, at: SourcePosition)
    /// The key `*`: a list, from the elements of another one.
    case each(Each)

    /// One part of a string.
    struct Piece: Sendable {
        /// What gives its value.
        var expression: Expression
        /// The expression as it is written, for errors; empty for literal text.
        var source: String
    }

    /// One part of a list.
    enum Element: Sendable {
        /// One element.
        case one(Form)
        /// The elements of a list, or nothing for null.
        case spread(Form, at: SourcePosition)
    }

    /// One part of a map.
    enum Member: Sendable {
        /// One member.
        case named(String, Form)
        /// The members of a map, or nothing for null; with the operator that yields it.
        case merged(Form, operator: String, at: SourcePosition)
    }

    /// One entry of `?`.
    struct Branch: Sendable {
        /// What is asked.
        var condition: Condition
        /// What counts where it holds; nil lets the next branch decide.
        var ifTrue: Form?
        /// What counts where it does not; nil lets the next branch decide.
        var ifFalse: Form?
    }

    /// The operator `*`.
    struct Each: Sendable {
        /// The list.
        var source: Form
        /// Which elements are taken; all where it is nil.
        var filter: Condition?
        /// What an element becomes; itself where it is nil.
        var body: Form?
        /// Where the operator stands.
        var position: SourcePosition
    }
}
