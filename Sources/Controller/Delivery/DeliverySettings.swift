internal import Documents
internal import Expressions
internal import Primitives
internal import Security

/// How results are sent to the `callback_url` of those who started runs: the `callback_…` keys of `controller:`.
struct DeliverySettings: Sendable {
    /// Signs what is sent; nil sends it unsigned.
    var key: WebhookKey?
    /// How often it is tried at most.
    var attemptsMax = 5
    /// How long after the first attempt the second one comes; each later pause is twice as long, up to a minute.
    var delay = Nanoseconds.seconds(1)
    /// How long an attempt may take.
    var timeout = Nanoseconds.seconds(30)
    /// How many results wait for another attempt at most; beyond it none is made.
    var pendingMax = 10_000

    /// The longest pause between attempts.
    static let delayMax = Nanoseconds.seconds(60)

    /// The defaults.
    init() {}

    /// Reads the keys where they stand in a block; what another block said stays where this one says nothing.
    mutating func read(_ reader: inout SettingsReader, context: CompileContext) {
        attemptsMax = reader.integer("callback_attempts", in: 1...20, default: attemptsMax)
        delay = reader.duration("callback_delay", default: delay)
        timeout = reader.duration("callback_timeout", default: timeout)
        pendingMax = reader.integer(
            "max_pending_callbacks",
            in: 0...1_000_000,
            default: pendingMax
        )
        guard let node = reader.node("callback_secret"),
            let secret = LoadedText.of(
                node,
                keyPath: reader.path("callback_secret"),
                context: context,
                diagnostics: reader.diagnostics
            )
        else { return }
        do throws(WebhookRefusal) {
            key = try WebhookKey(secret: secret)
        } catch {
            reader.error(error.message, at: node.position, key: "callback_secret")
        }
    }
}
