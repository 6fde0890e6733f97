/// Every key of the configuration is declared, beside the settings it fills, and readers read by the declaration.
enum KeyRule {
    /// How settings are read; the key is the first argument.
    private static let readers: Set = [
        "string", "stringAndNode", "requiredString", "text", "texts", "textMap", "bool", "integer",
        "number", "size", "duration", "port", "list", "map", "maps", "node", "setting", "settings",
        "oneOf", "oneOrMore", "template", "has", "missing",
    ]

    /// The keys that a file that reads settings names where it reads, with their lines.
    static func keys(in file: SourceFile) -> [(key: String, line: Int)] {
        guard file.text.words.contains(where: { $0.contains("SettingsReader") }) else { return [] }
        return file.text.lines.enumerated().flatMap { index, line in
            let parts = line.split(separator: "(\"", omittingEmptySubsequences: false)
            return zip(parts, parts.dropFirst()).compactMap { call, argument in
                let key = argument.prefix { $0 != "\"" }
                return reads(String(call)) && !key.isEmpty ? (String(key), index + 1) : nil
            }
        }
    }

    /// Whether a text ends in the name of a function that reads a setting, and not in the case of an enum.
    private static func reads(_ call: String) -> Bool {
        let words = Words.of(call).suffix(3)
        guard let name = words.last, readers.contains(name) else { return false }
        let before = words.dropLast()
        return before.last != "." || before.first.map(Words.isWord) ?? false
    }

    /// Keys that are named where they are read, in place of a declaration.
    static func findings(in files: [SourceFile]) -> [Finding] {
        files.flatMap { file in
            keys(in: file).map {
                Finding(
                    file.path,
                    $0.line,
                    "\($0.key) is named where it is read: declare it as a SettingKey and read by that"
                )
            }
        }
    }
}
