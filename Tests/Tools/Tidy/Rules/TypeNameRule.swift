/// A type's name means one thing in the whole house.
///
/// It is about types at the top level of a file, of all rooms together; what is private to its file does not count.
enum TypeNameRule {
    private static let introducers: Set = ["struct", "class", "enum", "actor", "protocol"]
    private static let modifiers: Set = [
        "package", "public", "internal", "final", "indirect", "nonisolated",
    ]

    /// Every type whose name an earlier file has as well.
    static func findings(in files: [SourceFile]) -> [Finding] {
        var owners: [String: String] = [:]
        var found: [Finding] = []
        for file in files {
            for (line, name) in names(in: file) {
                guard let owner = owners[name] else {
                    owners[name] = file.path
                    continue
                }
                found.append(Finding(file.path, line + 1, "\(name) is a type of \(owner) as well"))
            }
        }
        return found
    }

    /// The types that a file declares at its top level, each with its line from 0.
    static func names(in file: SourceFile) -> [(line: Int, name: String)] {
        var names: [(Int, String)] = []
        for (index, words) in file.text.words.enumerated() {
            guard isTopLevel(file.text.lines[index]),
                let place = words.firstIndex(where: introducers.contains),
                words.index(after: place) < words.endIndex
            else { continue }
            if words[..<place].contains(where: { $0 == "private" || $0 == "fileprivate" }) {
                continue
            }
            let before = words[..<place].drop { $0 == "@" || !modifiers.contains($0) }
            if before.allSatisfy(modifiers.contains) {
                names.append((index, words[words.index(after: place)]))
            }
        }
        return names
    }

    private static func isTopLevel(_ line: String) -> Bool {
        guard let first = line.first else { return false }
        return first != " " && first != "}"
    }
}
