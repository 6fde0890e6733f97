import JSONWire
import TestKit
import Testing

/// Published messages with the signatures they must get.
struct Vectors {
    /// One message.
    struct Vector: Sendable {
        /// Its name in the file.
        let id: String
        /// What is known of it.
        let value: JSONValue

        /// A member as text; empty where it is missing.
        func text(_ name: String) -> String { value[name]?.string ?? "" }
    }

    /// The messages of these names.
    static func named(_ ids: String...) throws -> [Vector] {
        let path = PackageRoot.path("Tests/Unit/Security/Data/signature-vectors.json")
        guard case .array(let all) = try JSONValue.parse(Files.bytes(path)) else { return [] }
        let found = all.compactMap { value in
            value["id"]?.string.map { Vector(id: $0, value: value) }
        }
        let named = found.filter { ids.contains($0.id) }
        try #require(named.count == ids.count)
        return named
    }
}
