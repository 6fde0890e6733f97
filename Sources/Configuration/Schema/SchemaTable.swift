/// Every map of the configuration with its keys: the one table that the schema is made from.
///
/// A test compares it with what the readers accept; a new key of theirs stands here, too.
enum SchemaTable {
    /// The name of the whole configuration.
    static let root = "configuration"

    /// All maps.
    static let maps =
        documents + process + listening + reaching + components + workflows + steps
        + verifying
}
