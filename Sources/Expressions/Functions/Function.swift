/// A function that expressions may call: `lower(body.ref)`.
///
/// A function exists only in front of a parenthesis: members, sources and steps of the same name stay usable.
enum Function: String, Sendable, CaseIterable {
    case lower, upper, trim, split, replace
    case stripPrefix = "strip_prefix"
    case match, flatten, length, join
    case base64Decode = "base64_decode"
    case now

    /// What an argument must be; null is taken everywhere.
    enum Parameter: Sendable {
        /// A text.
        case text
        /// A text, or a list of texts for each of which the function is called.
        case texts
        /// A text of at least one byte.
        case nonEmptyText
        /// A regular expression.
        case pattern
        /// A list.
        case list
        /// A text, a list or a map.
        case countable
    }

    /// How the arguments are called in messages, and what each must be.
    var parameters: [(name: String, kind: Parameter)] {
        switch self {
        case .lower, .upper, .trim, .base64Decode: [("text", .texts)]
        case .split: [("text", .texts), ("separator", .nonEmptyText)]
        case .replace: [("text", .texts), ("old", .nonEmptyText), ("new", .text)]
        case .stripPrefix: [("text", .texts), ("prefix", .text)]
        case .match: [("text", .texts), ("pattern", .pattern)]
        case .flatten: [("list", .list)]
        case .length: [("value", .countable)]
        case .join: [("list", .list), ("separator", .text)]
        case .now: []
        }
    }

    /// How it is written: `split(text, separator)`.
    var signature: String {
        "\(rawValue)(\(parameters.map(\.name).joined(separator: ", ")))"
    }
}
