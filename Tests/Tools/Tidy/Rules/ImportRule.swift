/// A file imports only what its room may.
enum ImportRule {
    /// The modules a file imports, with their lines.
    static func imports(of file: SourceFile) -> [(module: String, line: Int)] {
        file.text.words.enumerated().compactMap { index, words in
            guard let place = words.firstIndex(of: "import"), place <= 4 else { return nil }
            let kinds: Set = ["struct", "class", "enum", "func", "protocol", "var", "let"]
            let name = words[(place + 1)...].first { !kinds.contains($0) }
            return name.map { ($0, index + 1) }
        }
    }

    /// Every import of a file under `Sources` that breaks the walls.
    static func findings(in file: SourceFile) -> [Finding] {
        let allowed = Rooms.imports[file.room]
        return imports(of: file).compactMap { module, line in
            guard let allowed else {
                return Finding(file.path, line, "\(file.room) is no room of Rooms.imports")
            }
            if module == "Foundation" || module.hasPrefix("Foundation") {
                return Finding(file.path, line, "no Foundation under Sources")
            }
            if allowed.contains(module) || Rooms.toolchainAllowed.contains(module) { return nil }
            if module == "Glibc", Rooms.unsafeAllowed.contains(file.room) { return nil }
            return Finding(file.path, line, "\(file.room) may not import \(module)")
        }
    }

    /// C rooms that are imported from more than one room, and PCRE2 from more than one file.
    static func strangers(in files: [SourceFile]) -> [Finding] {
        var owners: [String: String] = [:]
        var found: [Finding] = []
        for file in files {
            for (module, line) in imports(of: file) where Rooms.isC(module) {
                let owner = module == Rooms.unsafeImport ? file.path : file.room
                if let first = owners[module], first != owner {
                    found.append(Finding(file.path, line, "\(module) belongs to \(first) alone"))
                }
                owners[module] = owners[module] ?? owner
            }
        }
        return found
    }
}
