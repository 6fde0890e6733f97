/// What the papers say is there, and what is there they say.
enum PaperRule {
    /// Differences between the problem codes and the headings (`### code`) of the page that explains them.
    static func codes(_ codes: [String], page: String) -> [Finding] {
        let path = "docs/errors.md"
        let lines = page.split(separator: "\n", omittingEmptySubsequences: false)
        var explained: [String: Int] = [:]
        var found: [Finding] = []
        for (index, line) in lines.enumerated() where line.hasPrefix("### ") {
            let code = line.dropFirst(4).filter { $0 != "`" }
            if explained[code] != nil { found.append(Finding(path, index + 1, "\(code) twice")) }
            explained[code] = index + 1
            let body = lines[(index + 1)...].first { !$0.isEmpty } ?? ""
            if body.isEmpty || body.hasPrefix("#") {
                found.append(Finding(path, index + 1, "\(code) has no text"))
            }
        }
        for code in codes where explained[code] == nil {
            found.append(Finding(path, 1, "\(code) has no entry"))
        }
        for (code, line) in explained where !codes.contains(code) {
            found.append(Finding(path, line, "\(code) is no problem code"))
        }
        return found
    }

    /// Folders that the page about the house does not name as `` `folder` ``.
    static func folders(_ folders: [String], page: String) -> [Finding] {
        folders.filter { !page.contains("`\($0)`") }
            .map { Finding("docs/architecture.md", 1, "\($0) is not explained") }
    }

    /// Relative links of a page that lead to nothing, by a question whether a path from the package's root is there.
    static func links(
        in path: String,
        _ page: String,
        exists: (String) -> Bool
    ) -> [Finding] {
        page.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            .flatMap { index, line in
                line.split(separator: "](").dropFirst().compactMap { part -> Finding? in
                    let target = part.prefix { $0 != ")" && $0 != "#" }
                    if target.isEmpty || target.contains("://") { return nil }
                    let whole = resolve(String(target), from: path)
                    return exists(whole) ? nil : Finding(path, index + 1, "\(target) is not there")
                }
            }
    }

    /// Phrases that tell of one machine, of papers outside the project or of how the work was organised.
    static func placeNames(in path: String, _ text: String) -> [Finding] {
        // Put together here, so that this file passes its own rule.
        let phrases = [
            "/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/", "localhost " + "registry", "(des" + "ign",
            "of des" + "ign ", "blocks" + ".md", "model-compose" + ".md", "design" + ".md",
        ]
        // A page of the project has the name of a paper outside it.
        let own = "docs/blocks" + ".md"
        return text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            .flatMap { index, whole in
                let line = whole.replacing(own, with: "")
                return phrases.filter { line.contains($0) }
                    .map {
                        Finding(path, index + 1, "\($0) is not known to a reader of the project")
                    }
            }
    }

    private static func resolve(_ target: String, from path: String) -> String {
        var parts = path.split(separator: "/").dropLast().map(String.init)
        for part in target.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(String(part)) }
        }
        return parts.joined(separator: "/")
    }
}
