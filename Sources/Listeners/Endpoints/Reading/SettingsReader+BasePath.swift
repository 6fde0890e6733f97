package import Documents

extension SettingsReader {
    /// What stands before every path of a listener or of the controller, without a slash at its end.
    package mutating func basePath(_ key: SettingKey<String>) -> String {
        guard case (var path, let node)? = stringAndNode(key.name) else { return "" }
        while path.hasSuffix("/") { path.removeLast() }
        let isPlain = !path.contains("?") && !path.contains("#")
        if !path.isEmpty, !path.hasPrefix("/") || !isPlain {
            mismatch(
                node,
                key: key.name,
                expected: "a path that begins with / and has no ? or #",
                suggestion: isPlain ? "/\(path)" : nil
            )
        }
        return path
    }
}
