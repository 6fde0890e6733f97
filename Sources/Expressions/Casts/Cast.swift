package import JSONWire

/// A type that `as` turns a value into, or refuses to.
package struct Cast: Sendable, Hashable {
    /// What a value, or each element of a list, becomes.
    package enum Kind: String, Sendable, CaseIterable {
        case string, text, integer, number, boolean, json, object, list, base64
    }

    /// What the value, or each element, becomes.
    package var kind: Kind
    /// Whether it is `T[]`: a list whose elements are cast.
    package var isList: Bool
    /// The paths of `object/a,b.c`: the members that are kept, each under its last name; empty keeps all.
    package var projection: [[JSONName]]

    /// Makes a cast.
    package init(_ kind: Kind, isList: Bool = false, projection: [[JSONName]] = []) {
        self.kind = kind
        self.isList = isList
        self.projection = projection
    }

    /// Why a value cannot be cast; it names the value's kind, never its content.
    package struct Failure: Error, Sendable, Hashable {
        /// One sentence without full stop.
        package var message: String
    }
}
