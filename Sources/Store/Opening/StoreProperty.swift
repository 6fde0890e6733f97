internal import Primitives
internal import Storage

/// What is known of a store itself, under the names of the table `properties`.
enum StoreProperty: String {
    /// Set once a log was opened beside the database: from then on the database alone is not all that was accepted.
    case log
    /// The database is a backup that no server has had yet: when it was taken, in milliseconds since 1970 as text.
    case backup
}

extension Database {
    /// The value of a property; nil where it has none.
    func property(_ property: StoreProperty) throws(StorageError) -> String? {
        try text(
            "SELECT value, \(StoreTable.properties.isSound) FROM properties WHERE name = ?",
            .text(property.rawValue)
        )
    }

    /// Gives a property a value; nil takes it away.
    func set(_ property: StoreProperty, _ value: String?) throws(StorageError) {
        if let value {
            try run(
                StoreTable.properties.insert,
                .text(property.rawValue),
                .blob(Array(value.utf8))
            )
        } else {
            try run("DELETE FROM properties WHERE name = ?", .text(property.rawValue))
        }
    }
}
