package import JSONWire

/// The JSON Schema of the configuration, for editors.
///
/// It knows every key and what kind of value stands under it. What fits together, and what is inside expressions, only
/// `sluice check` knows.
package enum ConfigurationSchema {
    /// The schema (draft 2020-12).
    package static var json: JSONValue {
        let maps = SchemaTable.maps
        var definitions = JSONObject()
        for map in maps where map.name != SchemaTable.root {
            definitions[map.name] = .object(map.schema(among: maps))
        }
        var schema: JSONObject = [
            "$schema": .string("https://json-schema.org/draft/2020-12/schema"),
            "title": .string("Configuration of Sluice (sluice.yml)"),
        ]
        let root = maps.first { $0.name == SchemaTable.root }
        for member in root?.schema(among: maps).members ?? [] {
            schema[member.name] = member.value
        }
        schema["$defs"] = .object(definitions)
        return .object(schema)
    }
}
