internal import Documents

extension SettingsReader {
    /// Reads `runtime`, which says where the reference starts a part; here every part runs in the server itself.
    mutating func runtime(of parts: String) {
        guard let node = node("runtime"), let word = text("runtime"), word != "native" else {
            return
        }
        diagnostics.warning(
            "runtime `\(word.clipped)` changes nothing: \(parts) run in the server itself",
            at: node.position,
            keyPath: path("runtime")
        )
    }
}
