/// A value of one of the five kinds that SQLite stores.
package enum StorageValue: Sendable, Hashable {
    case null
    case integer(Int64)
    case double(Double)
    case text(String)
    case blob([UInt8])
}

extension StorageValue: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
    /// An integer.
    package init(integerLiteral value: Int64) {
        self = .integer(value)
    }

    /// Text.
    package init(stringLiteral value: String) {
        self = .text(value)
    }
}
