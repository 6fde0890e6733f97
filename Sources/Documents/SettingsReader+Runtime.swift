extension SettingsReader {
    /// The key that says where another program would start a part.
    package static let runtimeKey = SettingKey<Node?>.node(
        "runtime",
        .any,
        "everything runs in the server itself or natively on this machine; nothing else is taken"
    ).defaulting(to: "native")

    /// Reads `runtime`, which says where another program would start a part: here everything runs on this machine, natively.
    ///
    /// `native`, or the reference's `embedded`, also as `{type: native}`, says what is so; anything else is an error.
    package mutating func runtime() {
        let key = Self.runtimeKey.name
        guard let node = node(key) else { return }
        let type = node["type"] ?? node
        if type.scalarText == "native" || type.scalarText == "embedded" { return }
        let word = type.scalarText.map { " `\($0.clipped)`" } ?? ""
        error(
            "the runtime\(word) is not supported: everything runs natively on this machine",
            at: type.position,
            key: key,
            suggestion: type.scalarText.flatMap { NearestName.suggest($0, among: ["native"]) }
        )
    }
}
