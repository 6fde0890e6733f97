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

    /// The keys of the block.
    package enum Keys {
        static let type = SettingKey<Kind>.word(
            "type",
            default: .sqlite,
            "where decisions are kept; sqlite: on disk; memory: in this process only, a "
                + "restart forgets them"
        )
        static let path = SettingKey<String>.text(
            "path",
            default: "./.sluice",
            "the store's directory, from the working directory; it is made where it is missing"
        )
        static let durability = SettingKey<Durability>.word(
            "durability",
            default: .commit,
            "commit: an answer waits for the disk; relaxed: the disk has it within 100 ms"
        ).remark("([what that means](operation.md#what-is-kept))")
        static let pendingBytesMax = SettingKey<Int>.size(
            "max_pending_size",
            default: 64 << 20,
            "what may wait for the disk; beyond it 503"
        )
        static let rememberFor = SettingKey<Nanoseconds>.duration(
            "remember_for",
            default: .seconds(3600),
            "how long a key's ended wait and a callback's fingerprint are remembered"
        ).remark("; late and repeated callbacks are recognised by them")
        static let rememberedCountMax = SettingKey<Int>.integer(
            "max_remembered_count",
            in: 1...1_000_000_000,
            default: 4_000_000,
            "how many of them; the oldest go first"
        )
        static let claimsBytesMax = SettingKey<Int>.size(
            "max_claims_size",
            default: 256 << 20,
            "what is remembered of requests that started runs (deduplicate_by, Idempotency-Key)"
        )
        static let retention = SettingKey<Nanoseconds>.duration(
            "retention",
            default: .seconds(7 * 86_400),
            "how long runs stay that have ended, and requests that were answered"
        )
        static let refusedRetention = SettingKey<Nanoseconds>.duration(
            "refused_retention",
            default: .seconds(86_400),
            "how long requests stay that were refused, or held and never fetched"
        )
        static let sizeMax = SettingKey<Int>.size(
            "max_size",
            default: 50 << 30,
            "what the log and the store behind it may take on the disk; beyond it 503"
        )
        static let waitersMax = SettingKey<Int>.integer(
            "max_waits",
            in: 1...1_000_000_000,
            default: 5_000_000,
            "open waits; beyond it a start gets 503"
        )
        /// Its map.
        package static let map: SettingMap = SettingMap(
            "store",
            [
                type, path, durability, pendingBytesMax, rememberFor, rememberedCountMax,
                claimsBytesMax, retention, refusedRetention, sizeMax, waitersMax,
            ]
        )
        /// The key of the block itself, which may be a word in place of the map.
        package static let block = SettingKey<Node?>.node(
            "store",
            .either([.words(Kind.allCases.map(\.rawValue)), .block { map }]),
            "how decisions are kept; `store: memory` is short for the type alone"
        )
    }

    /// Where they are kept.
    package var kind = Keys.type.fallback
    /// Whether the file says where.
    package private(set) var isKindGiven = false
    /// The directory, from the working directory.
    package var path = Keys.path.fallback
    /// What has happened to a decision when it is answered.
    package var durability = Keys.durability.fallback
    /// How many bytes may wait for the disk; beyond it 503.
    package var pendingBytesMax = Keys.pendingBytesMax.fallback
    /// How long the end of a wait and a callback's fingerprint are remembered.
    package var rememberFor = Keys.rememberFor.fallback
    /// The most ends that are remembered; the oldest go first.
    package var rememberedCountMax = Keys.rememberedCountMax.fallback
    /// How much is remembered of requests that started runs, in bytes; the oldest go first.
    package var claimsBytesMax = Keys.claimsBytesMax.fallback
    /// How long runs that have ended stay, and requests that were answered.
    package var retention = Keys.retention.fallback
    /// How long requests stay that were refused, or held in vain.
    package var refusedRetention = Keys.refusedRetention.fallback
    /// The most bytes that the log and the store may take on the disk.
    package var sizeMax = Keys.sizeMax.fallback
    /// The most open waits.
    package var waitersMax = Keys.waitersMax.fallback

    /// The defaults.
    package init() {}

    /// Reads the block: a word, or a map with `type`.
    package init(_ root: inout SettingsReader) {
        let diagnostics = root.diagnostics
        let block = Keys.block.name
        guard let node = root.setting(block) else { return }
        if case .text(let word) = node.content {
            take(word, at: node.position, keyPath: block, diagnostics)
            return
        }
        var reader = root.inner(node, keyPath: block)
        reader.accept(Keys.map)
        if let type = reader.setting(Keys.type.name) {
            if case .text(let word) = type.content {
                take(word, at: type.position, keyPath: reader.path(Keys.type.name), diagnostics)
            } else {
                reader.mismatch(type, key: Keys.type.name, expected: "`sqlite` or `memory`")
            }
        }
        path = reader.read(Keys.path)
        durability = reader.read(Keys.durability)
        pendingBytesMax = reader.read(Keys.pendingBytesMax)
        rememberFor = reader.read(Keys.rememberFor)
        rememberedCountMax = reader.read(Keys.rememberedCountMax)
        claimsBytesMax = reader.read(Keys.claimsBytesMax)
        retention = reader.read(Keys.retention)
        refusedRetention = reader.read(Keys.refusedRetention)
        sizeMax = reader.read(Keys.sizeMax)
        waitersMax = reader.read(Keys.waitersMax)
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
