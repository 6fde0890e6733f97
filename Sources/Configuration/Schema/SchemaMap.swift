internal import JSONWire

/// One kind of map in the configuration: its keys.
struct SchemaMap: Sendable {
    /// One key.
    struct Key: Sendable {
        /// Its name.
        let name: String
        /// What may stand under it.
        let shape: SchemaShape
        /// What it means, in one line; empty for a key that is known and has no effect.
        let about: String

        /// Describes a key.
        init(_ name: String, _ shape: SchemaShape, _ about: String) {
            self.name = name
            self.shape = shape
            self.about = about
        }
    }

    /// Its name in the schema.
    let name: String
    /// Its keys.
    let keys: [Key]
    /// The names of further maps whose keys it has, too.
    let includes: [String]
    /// Keys of the reference implementation that are known and have no effect.
    let noted: [String]

    /// Describes a map.
    init(_ name: String, _ keys: [Key], includes: [String] = [], noted: [String] = []) {
        self.name = name
        self.keys = keys
        self.includes = includes
        self.noted = noted
    }

    /// All keys, with those of the maps it includes.
    func allKeys(among maps: [SchemaMap]) -> [Key] {
        let included = includes.flatMap { name in maps.first { $0.name == name }?.keys ?? [] }
        return keys + included + noted.map { Key($0, .any, "") }
    }

    /// The map as JSON Schema; `x-…` keys are everybody's own.
    func schema(among maps: [SchemaMap]) -> JSONObject {
        var properties = JSONObject()
        for key in allKeys(among: maps) {
            var schema = key.shape.schema
            let about = key.about.isEmpty ? "Known, and without effect here." : key.about
            schema["description"] = .string(about)
            properties[key.name] = .object(schema)
        }
        return [
            "type": .string("object"), "properties": .object(properties),
            "patternProperties": .object(["^x-": .object([:])]),
            "additionalProperties": .bool(false),
        ]
    }
}
