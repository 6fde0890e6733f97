internal import Documents
package import Primitives

/// `store:`, how decisions are kept.
package struct StoreSettings: Sendable {
    /// Where they are kept.
    package enum Kind: String, Sendable, CaseIterable {
        /// In this process only: a restart forgets them.
        case memory
    }

    /// Where they are kept.
    package var kind = Kind.memory
    /// How long the end of a wait and a callback's fingerprint are remembered.
    package var rememberFor = Nanoseconds.seconds(3600)
    /// The most ends that are remembered; the oldest go first.
    package var rememberedCountMax = 4_000_000
    /// How long runs that have ended stay, and requests that were answered.
    package var retention = Nanoseconds.seconds(7 * 86_400)
    /// How long requests stay that were refused, or held in vain.
    package var refusedRetention = Nanoseconds.seconds(86_400)
    /// The most bytes that the log and the store may take on the disk.
    package var sizeMax = 50 << 30
    /// The most open waits.
    package var waitersMax = 5_000_000

    /// The defaults.
    package init() {}

    /// Reads the block: a word, or a map with `type`.
    init(_ node: Node?, diagnostics: Diagnostics) {
        guard let node else { return }
        if case .text(let word) = node.content {
            take(word, at: node.position, keyPath: "store", diagnostics)
            return
        }
        var reader = SettingsReader(node, keyPath: "store", diagnostics: diagnostics)
        if let type = reader.node("type"), case .text(let word) = type.content {
            take(word, at: type.position, keyPath: "store.type", diagnostics)
        }
        rememberFor = reader.duration("remember_for", default: rememberFor)
        rememberedCountMax =
            reader.integer("max_remembered_count", in: 1...1_000_000_000) ?? rememberedCountMax
        retention = reader.duration("retention", default: retention)
        refusedRetention = reader.duration("refused_retention", default: refusedRetention)
        sizeMax = reader.size("max_size") ?? sizeMax
        waitersMax = reader.integer("max_waits", in: 1...1_000_000_000) ?? waitersMax
        reader.finish()
    }

    private mutating func take(
        _ word: String,
        at position: SourcePosition,
        keyPath: String,
        _ diagnostics: Diagnostics
    ) {
        if let known = Kind(rawValue: word) {
            kind = known
            return
        }
        diagnostics.error(
            "found `\(word.clipped)`, expected `memory`: no other store is built yet",
            at: position,
            keyPath: keyPath,
            suggestion: "store: memory"
        )
    }
}
