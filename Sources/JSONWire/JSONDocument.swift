/// A validated JSON text; valid only inside the closure of ``JSONScanner/read(_:_:)`` that gave it.
package struct JSONDocument {
    /// The value of the text.
    package let root: JSONElement
}

/// Documents stay on the thread of their scanner.
@available(*, unavailable)
extension JSONDocument: Sendable {}
