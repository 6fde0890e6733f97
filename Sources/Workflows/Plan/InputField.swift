package import JSONWire

/// A field of a workflow's input, inferred from `${input.NAME as TYPE | DEFAULT}`.
package struct InputField: Sendable {
    /// The field's name.
    package let name: String
    /// The type it is cast to: `text`, `integer`, …; nil where no reference casts it.
    package let type: String?
    /// The literal default; nil where no reference has one.
    package let defaultValue: JSONValue?
    /// The text of `@(description …)`; nil where there is none.
    package let description: String?
}
