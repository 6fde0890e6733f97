package import JSONWire

/// What gives the sources of an expression their values.
package protocol Scope {
    /// The value a reference names; null where anything on its path is missing.
    ///
    /// It gets the whole path so that it need not build more than what is named;
    /// ``JSONWire/JSONValue/select(_:)-(ArraySlice<PathStep>)`` follows the part it has no own way for.
    ///
    /// - Throws: Where the value cannot be told.
    func resolve(_ reference: Reference) throws(EvaluationError) -> JSONValue
}
