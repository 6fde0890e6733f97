internal import CLibUV

/// The environment of a child process.
enum ChildEnvironment {
    /// This process's variables with others put in, each as `NAME=VALUE`.
    static func merged(_ changes: [(name: String, value: String)]) -> [String] {
        var items: UnsafeMutablePointer<uv_env_item_t>?
        var count: Int32 = 0
        var kept: [String] = []
        let replaced = Set(changes.map(\.name))
        guard unsafe uv_os_environ(&items, &count) == 0 else { return changes.map(Self.text) }
        defer { unsafe uv_os_free_environ(items, count) }
        for index in 0..<Int(count) {
            guard let item = unsafe items?[index] else { continue }
            let name = unsafe String(cString: item.name)
            if replaced.contains(name) { continue }
            kept.append(unsafe "\(name)=\(String(cString: item.value))")
        }
        return kept + changes.map(Self.text)
    }

    private static func text(_ variable: (name: String, value: String)) -> String {
        "\(variable.name)=\(variable.value)"
    }
}
