internal import Documents
internal import Expressions
internal import Primitives
internal import Security

/// How results are sent to the `callback_url` of those who started runs: the `callback_…` keys of `controller:`.
struct DeliverySettings: Sendable {
    /// The keys of the block.
    enum Keys {
        static let secret = SettingKey<Node?>.node(
            "callback_secret",
            .scalar,
            "signs results sent to a callback_url"
        ).example("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        static let attemptsMax = SettingKey<Int>.integer(
            "callback_attempts",
            in: 1...20,
            default: 5,
            "how often a result is sent at most"
        )
        static let delay = SettingKey<Nanoseconds>.duration(
            "callback_delay",
            default: .seconds(1),
            "the pause before the second attempt; it doubles, up to a minute"
        )
        static let timeout = SettingKey<Nanoseconds>.duration(
            "callback_timeout",
            default: .seconds(30),
            "how long one attempt may take"
        )
        static let pendingMax = SettingKey<Int>.integer(
            "max_pending_callbacks",
            in: 0...1_000_000,
            default: 10_000,
            "results that wait for another attempt; beyond it they get none"
        )
        static let map = SettingMap("delivery", [secret, attemptsMax, delay, timeout, pendingMax])
    }

    /// Signs what is sent; nil sends it unsigned.
    var key: WebhookKey?
    /// How often it is tried at most.
    var attemptsMax = Keys.attemptsMax.fallback
    /// How long after the first attempt the second one comes; each later pause is twice as long, up to a minute.
    var delay = Keys.delay.fallback
    /// How long an attempt may take.
    var timeout = Keys.timeout.fallback
    /// How many results wait for another attempt at most; beyond it none is made.
    var pendingMax = Keys.pendingMax.fallback

    /// The longest pause between attempts.
    static let delayMax = Nanoseconds.seconds(60)

    /// The defaults.
    init() {}

    /// Reads the keys where they stand in a block; what another block said stays where this one says nothing.
    mutating func read(_ reader: inout SettingsReader, context: CompileContext) {
        attemptsMax = reader.read(Keys.attemptsMax, or: attemptsMax)
        delay = reader.read(Keys.delay, or: delay)
        timeout = reader.read(Keys.timeout, or: timeout)
        pendingMax = reader.read(Keys.pendingMax, or: pendingMax)
        guard let node = reader.node(Keys.secret) else { return }
        guard node.scalarText != nil else {
            reader.mismatch(node, key: Keys.secret.name, expected: "the secret's text")
            return
        }
        guard
            let secret = LoadedText.of(
                node,
                keyPath: reader.path(Keys.secret.name),
                context: context,
                diagnostics: reader.diagnostics
            )
        else { return }
        do throws(WebhookRefusal) {
            key = try WebhookKey(secret: secret)
        } catch {
            reader.error(error.message, at: node.position, key: Keys.secret.name)
        }
    }
}
