/// Package.swift and the table of rooms say the same.
enum ManifestRule {
    /// The rooms of a manifest: every `room("Name", [...])`, and the program whose path is `Sources/Command`.
    static func rooms(in manifest: String) -> [String: Set<String>] {
        var found: [String: Set<String>] = [:]
        let words = quotedWords(in: manifest)
        for (index, word) in words.enumerated() where word.before.hasSuffix("room(") {
            let rest = words[(index + 1)...].prefix { !$0.before.contains(")") }
                .filter { !$0.before.hasSuffix("path:") }
            found[word.text] = Set(rest.map(\.text))
        }
        if let path = words.firstIndex(where: { $0.text == "Sources/Command" }) {
            let list = words[..<path].reversed().prefix { !$0.before.contains("dependencies") }
            let all = words[..<path].suffix(list.count + 1)
            found["Command"] = Set(all.map(\.text))
        }
        return found
    }

    /// Every difference between a manifest and a table.
    static func findings(
        in manifest: String,
        table: [String: Set<String>] = Rooms.imports
    ) -> [Finding] {
        let declared = rooms(in: manifest)
        let names = Set(declared.keys).union(table.keys).sorted()
        return names.compactMap { name in
            if declared[name] == table[name] { return nil }
            let here = declared[name]?.sorted().joined(separator: " ") ?? "nothing"
            let there = table[name]?.sorted().joined(separator: " ") ?? "nothing"
            return Finding("Package.swift", 1, "\(name): \(here); Rooms.imports: \(there)")
        }
    }

    /// Every quoted word with the text between the word before it and itself, without space.
    private static func quotedWords(in text: String) -> [(before: String, text: String)] {
        let parts = text.split(separator: "\"", omittingEmptySubsequences: false)
        return stride(from: 1, to: parts.count - 1, by: 2).map { index in
            (parts[index - 1].filter { !$0.isWhitespace }, String(parts[index]))
        }
    }
}
