/// A validated JSON text; valid only inside the closure of ``JSONScanner/read(_:_:)`` that gave it.
@usableFromInline
package struct JSONDocument {
    /// The value of the text.
    @usableFromInline package let root: JSONElement
}

/// Documents stay on the thread of their scanner.
@available(*, unavailable)
extension JSONDocument: Sendable {}
