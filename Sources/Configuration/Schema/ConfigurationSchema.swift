package import Documents
package import JSONWire

/// The JSON Schema of the configuration, for editors.
///
/// It knows every key and what kind of value stands under it. What fits together, and what is inside expressions, only
/// `sluice check` knows.
package enum ConfigurationSchema {
    /// Every map of the configuration with its keys, the whole configuration first.
    package static var maps: [SettingMap] { RootKeys.map.reached }

    /// The schema (draft 2020-12).
    package static var json: JSONValue {
        var definitions = JSONObject()
        for map in maps.dropFirst() { definitions[map.name] = .object(map.schema) }
        var schema: JSONObject = [
            "$schema": .string("https://json-schema.org/draft/2020-12/schema"),
            "title": .string("Configuration of Sluice (sluice.yml)"),
        ]
        for member in RootKeys.map.schema.members { schema[member.name] = member.value }
        schema["$defs"] = .object(definitions)
        return .object(schema)
    }
}
