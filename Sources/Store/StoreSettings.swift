package import Documents
package import Primitives

/// `store:`, how decisions are kept.
package struct StoreSettings: Sendable {
    /// Where they are kept.
    package enum Kind: String, Sendable, CaseIterable {
        /// In a log on disk, with SQLite behind it.
        case sqlite
        /// In this process only: a restart forgets them.
        case memory
    }

    /// What has happened to a decision when it is answered.
    package enum Durability: String, Sendable, CaseIterable {
        /// It is on the medium.
        case commit
        /// It is with the operating system; the medium has it within 100 ms.
        case relaxed
    }

    /// Where they are kept.
    package var kind = Kind.sqlite
    /// Whether the file says where.
    package private(set) var isKindGiven = false
    /// The directory, from the working directory.
    package var path = "./.sluice"
    /// What has happened to a decision when it is answered.
    package var durability = Durability.commit
    /// How many bytes may wait for the disk; beyond it 503.
    package var pendingBytesMax = 64 << 20
    /// How long the end of a wait and a callback's fingerprint are remembered.
    package var rememberFor = Nanoseconds.seconds(3600)
    /// The most ends that are remembered; the oldest go first.
    package var rememberedCountMax = 4_000_000
    /// How much is remembered of requests that started runs, in bytes; the oldest go first.
    package var claimsBytesMax = 256 << 20
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
    package init(_ root: inout SettingsReader) {
        let diagnostics = root.diagnostics
        guard let node = root.setting("store") else { return }
        if case .text(let word) = node.content {
            take(word, at: node.position, keyPath: "store", diagnostics)
            return
        }
        var reader = root.inner(node, keyPath: "store")
        if let type = reader.setting("type"), case .text(let word) = type.content {
            take(word, at: type.position, keyPath: "store.type", diagnostics)
        }
        path = reader.string("path") ?? path
        durability = reader.oneOf("durability", as: Durability.self) ?? durability
        pendingBytesMax = reader.size("max_pending_size") ?? pendingBytesMax
        rememberFor = reader.duration("remember_for", default: rememberFor)
        rememberedCountMax =
            reader.integer("max_remembered_count", in: 1...1_000_000_000) ?? rememberedCountMax
        claimsBytesMax = reader.size("max_claims_size", default: claimsBytesMax)
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
            isKindGiven = true
            return
        }
        diagnostics.error(
            "found `\(word.clipped)`, expected `sqlite` or `memory`",
            at: position,
            keyPath: keyPath,
            suggestion: NearestName.suggest(word, among: ["sqlite", "memory"])
        )
    }
}
