/// A set of methods, as a route allows them and `Allow` lists them.
@usableFromInline
package struct MethodSet: OptionSet, Sendable, Hashable {
    @usableFromInline package let rawValue: UInt16

    @inlinable
    package init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// The set of one method.
    @inlinable
    package init(_ method: Method) {
        rawValue = 1 << UInt16(method.rawValue)
    }

    /// The set of some methods.
    package init(_ methods: [Method]) {
        rawValue = methods.reduce(0) { $0 | 1 << UInt16($1.rawValue) }
    }

    /// Whether the method is in the set.
    @inlinable
    package func contains(_ method: Method) -> Bool {
        rawValue & (1 << UInt16(method.rawValue)) != 0
    }

    /// The names joined by commas, as `Allow` wants them (RFC 9110, 10.2.1).
    package var allowText: String {
        Method.allCases.filter { $0 != .other && contains($0) }.map(\.name).joined(separator: ", ")
    }
}
