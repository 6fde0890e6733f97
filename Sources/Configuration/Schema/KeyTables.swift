package import Documents

/// The tables of keys in the documentation, which stand between markers and are made from the keys' declarations.
///
/// `<!-- keys: listener id host -->` begins a table of these keys of a map, or of all its keys where none is named, and
/// `<!-- end of keys -->` ends it.
package struct KeyTables {
    private let maps: [SettingMap]

    private static let beginning = "<!-- keys: "
    private static let end = "<!-- end of keys -->"

    /// Takes the maps whose keys may be listed.
    package init(_ maps: [SettingMap]) {
        self.maps = maps
    }

    /// A text with its tables as they should be.
    ///
    /// What cannot be made, because there is no such map or key or the end is missing, says so in the text.
    package func renewed(_ text: String) -> String {
        var lines: [Substring] = []
        var rest = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
        while let line = rest.popFirst() {
            lines.append(line)
            guard line.hasPrefix(Self.beginning) else { continue }
            guard let end = rest.firstIndex(of: Self.end[...]) else {
                lines.append("The marker \(Self.end) is missing.")
                continue
            }
            let words = line.dropFirst(Self.beginning.count).split(separator: " ").dropLast()
            lines += table(words.map(String.init)).map { $0[...] }
            rest = rest[end...]
        }
        return lines.joined(separator: "\n")
    }

    private func table(_ words: [String]) -> [String] {
        guard let name = words.first, let map = maps.first(where: { $0.name == name }) else {
            return ["There is no map of keys of this name."]
        }
        let names = words.count > 1 ? Array(words.dropFirst()) : map.names
        let rows = names.map { name in
            map[name].map(row) ?? "| `\(name)` | | there is no such key |"
        }
        return ["| key | default | meaning |", "|---|---|---|"] + rows
    }

    private func row(_ key: SettingDetails) -> String {
        let standard =
            switch key.standard {
            case .value(let text): "`\(text)`"
            case .described(let words): words
            case .nothing: "none"
            case .required: "required"
            }
        return "| `\(key.name)` | \(standard) | \(key.about)\(remark(of: key)) |"
    }

    /// What is added to a key's meaning: a phrase of its own stands after a blank, one that goes on with it does not.
    private func remark(of key: SettingDetails) -> String {
        guard let first = key.remark.first else { return "" }
        return [",", ";", ":"].contains(first) ? key.remark : " \(key.remark)"
    }
}
