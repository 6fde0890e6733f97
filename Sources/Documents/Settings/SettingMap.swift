/// The keys of one map of the configuration, in the order in which people are shown them.
package struct SettingMap: Sendable {
    /// Its name in the schema and in the documentation's markers.
    package let name: String
    /// Its keys.
    package let keys: [SettingDetails]
    /// Keys of the reference implementation that are known and have no effect.
    package let noted: [String]
    /// Keys of the reference implementation that would change what the configuration means, and are not taken.
    package let refused: [RefusedKey]

    /// Lists the keys of a map.
    ///
    /// - Parameters:
    ///   - name: The map's name.
    ///   - keys: Its keys.
    ///   - others: Further maps whose keys it has, too.
    ///   - noted: Keys that are known and have no effect.
    ///   - refused: Keys that are known and are not taken.
    package init(
        _ name: String,
        _ keys: [any SettingDescribing],
        including others: [SettingMap] = [],
        noted: [String] = [],
        refused: [RefusedKey] = []
    ) {
        self.name = name
        self.keys = keys.map(\.details) + others.flatMap(\.keys)
        self.noted = noted
        self.refused = refused
    }

    /// The names of its keys.
    package var names: [String] { keys.map(\.name) }

    /// The key of a name; nil for none.
    package subscript(name: String) -> SettingDetails? { keys.first { $0.name == name } }

    /// This map and those under its keys, at any depth, each once, in the order in which they are met.
    package var reached: [SettingMap] {
        var found = [self]
        var next = 0
        while next < found.count {
            for map in found[next].keys.flatMap(\.shape.blocks)
            where !found.contains(where: { $0.name == map.name }) {
                found.append(map)
            }
            next += 1
        }
        return found
    }
}
