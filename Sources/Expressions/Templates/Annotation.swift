package import Documents
package import JSONWire

/// What an expression says about a value beside where it comes from, for a workflow's schema.
package struct Annotation: Sendable, Hashable {
    /// One `@(word text)`.
    package struct Note: Sendable, Hashable {
        /// The word: `description`.
        package var word: String
        /// The text after it.
        package var text: String
    }

    /// What it is about: the reference the expression begins with; nil where it begins with something else.
    package var reference: Reference?
    /// What stands after each `as`, as written: `integer`, `object[]/id,name`, `select/a,b`.
    package var types: [String]
    /// The last alternative, where it is known at load.
    package var defaultValue: JSONValue?
    /// The annotations, in order.
    package var notes: [Note]
    /// Where the expression stands.
    package var position: SourcePosition
}
