/// The steps by which a schema came to be what it is; each runs once, in order.
///
/// The number of the last step that ran is the schema's version, kept in the file (`user_version`).
package struct Migrations: Sendable {
    /// The SQL of each step: the first makes version 1.
    package let steps: [String]

    /// Makes the list of all steps there ever were; a step is never changed once it was published.
    package init(_ steps: [String]) {
        self.steps = steps
    }

    /// The version after the last step.
    package var version: Int { steps.count }
}

extension Database {
    /// The version of the schema in the file; 0 for a new one.
    package func schemaVersion() throws(StorageError) -> Int {
        Int(clamping: try integer("PRAGMA user_version") ?? 0)
    }

    /// Brings the schema to the newest version, in one transaction: all steps that are missing, or
    /// none.
    ///
    /// - Returns: How many steps ran.
    /// - Throws: `newerSchema` where the file was written by a newer version of this program.
    @discardableResult
    package func migrate(_ migrations: Migrations) throws(StorageError) -> Int {
        try transaction { () throws(StorageError) in
            let found = try schemaVersion()
            guard found >= 0, found <= migrations.version else {
                throw StorageError(
                    .newerSchema,
                    "\(settings.path) has schema version \(found), this program knows versions "
                        + "up to \(migrations.version): it was written by a newer version"
                )
            }
            for step in migrations.steps.dropFirst(found) { try execute(step) }
            if found < migrations.version {
                try execute("PRAGMA user_version = \(migrations.version)")
            }
            return migrations.version - found
        }
    }
}
