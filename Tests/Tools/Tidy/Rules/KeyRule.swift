/// Every key the program reads stands in the reference of all keys.
enum KeyRule {
    /// How settings are read; the key is the first argument.
    private static let readers: Set = [
        "string", "requiredString", "text", "texts", "bool", "integer", "size", "duration", "port",
        "list", "map", "maps", "node", "oneOf", "oneOrMore", "template",
    ]

    /// The keys a file that reads settings reads, with their lines.
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

    /// The keys that a YAML text names: what stands before a colon at the start of a line or a list's item.
    static func named(in yaml: String) -> Set<String> {
        let lines = yaml.split(separator: "\n")
        return Set(
            lines.compactMap { line in
                let start = line.drop { $0 == " " || $0 == "-" }
                let key = start.prefix { $0 != ":" }
                return key.count < start.count && !key.contains(" ") ? String(key) : nil
            }
        )
    }

    /// Keys that are read and not named, but for those of parts that the reference leaves out.
    static func findings(
        in files: [SourceFile],
        reference: String,
        leftOut: Set<String>
    ) -> [Finding] {
        let known = named(in: reference).union(leftOut)
        return files.flatMap { file in
            keys(in: file).filter { !known.contains($0.key) }
                .map { Finding(file.path, $0.line, "\($0.key) is not in config/reference.yml") }
        }
    }
}
