internal import Documents

extension SettingsReader {
    /// What stands before every path of a listener or of the controller, without a slash at its end.
    package mutating func basePath() -> String {
        guard case (var path, let node)? = stringAndNode("base_path") else { return "" }
        while path.hasSuffix("/") { path.removeLast() }
        let isPlain = !path.contains("?") && !path.contains("#")
        if !path.isEmpty, !path.hasPrefix("/") || !isPlain {
            mismatch(
                node,
                key: "base_path",
                expected: "a path that begins with / and has no ? or #",
                suggestion: isPlain ? "/\(path)" : nil
            )
        }
        return path
    }
}
