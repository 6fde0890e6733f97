package import Documents

/// A known sender.
package struct Preset: Sendable {
    /// Its name in the configuration.
    package let name: String
    /// Its name for people.
    package let title: String
    /// What its users should know; empty for nothing.
    package let note: String
    /// What stands for it under `verify:`.
    package let settings: Node
}

/// All presets, read from ``PresetRows`` by the reader of configurations.
package enum PresetTable {
    /// The presets in the order of the rows.
    package static let all: [Preset] = read(PresetRows.codes) + read(PresetRows.others)

    /// Their names, in that order.
    package static let names = all.map(\.name)

    /// The preset of a name; nil where there is none.
    package static func named(_ name: String) -> Preset? {
        all.first { $0.name == name }
    }

    /// The name of the place that diagnostics in a row would have.
    private static let file = "presets"

    private static func read(_ rows: String) -> [Preset] {
        let diagnostics = Diagnostics()
        let document = YAMLReader.read(rows, file: file, diagnostics: diagnostics).first
        guard case .map(let entries)? = document?.content else { return [] }
        return entries.map { entry in
            var settings = entry.value
            if case .map(let inner) = settings.content {
                settings.content = .map(inner.filter { !["title", "note"].contains($0.key) })
            }
            return Preset(
                name: entry.key,
                title: entry.value["title"]?.scalarText ?? entry.key,
                note: entry.value["note"]?.scalarText ?? "",
                settings: settings
            )
        }
    }
}
