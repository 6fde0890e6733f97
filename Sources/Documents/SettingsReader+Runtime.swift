extension SettingsReader {
    /// Reads `runtime`, which says where another program would start a part: here everything runs on this machine, natively.
    ///
    /// `native`, or the reference's `embedded`, also as `{type: native}`, says what is so; anything else is an error.
    package mutating func runtime() {
        guard let node = node("runtime") else { return }
        let type = node["type"] ?? node
        if type.scalarText == "native" || type.scalarText == "embedded" { return }
        let word = type.scalarText.map { " `\($0.clipped)`" } ?? ""
        error(
            "the runtime\(word) is not supported: everything runs natively on this machine",
            at: type.position,
            key: "runtime",
            suggestion: type.scalarText.flatMap { NearestName.suggest($0, among: ["native"]) }
        )
    }
}
