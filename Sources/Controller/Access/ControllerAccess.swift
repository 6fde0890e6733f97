internal import Documents
internal import Expressions

/// Who may use the controller: `tokens` and `origins`, which may stand at the controller or at its adapter.
struct ControllerAccess: Sendable {
    /// The keys of the block.
    enum Keys {
        static let tokens = SettingKey<Node?>.node(
            "tokens",
            .some(.either([.scalar, .block { TokenKeys.map }])),
            "who may use it: texts, or names with texts"
        ).remark("; see [Who may use it](#who-may-use-it)")
        static let origins = SettingKey<Node?>.node(
            "origins",
            .some(.text),
            "the web pages that may, with a token"
        ).example("[https://app.example.com]")
        static let map: SettingMap = SettingMap("access", [tokens, origins])
    }

    /// The keys of a token that has a name.
    enum TokenKeys {
        static let name = SettingKey<String?>.scalar("name", "what the log calls it")
            .standard("`token 2`").example("ci")
        static let token = SettingKey<Node?>.node("token", .scalar, "the token itself")
            .required.example("${env.CI_TOKEN | another-example-of-a-token}")
        static let map: SettingMap = SettingMap("token", [name, token])
    }

    /// The tokens; without any, only programs of this machine should reach the controller.
    var tokens = TokenSet()
    /// The web pages that may use it.
    var origins = OriginRule.none
    private var originsPosition: SourcePosition?
    private var hasTokenKey = false

    private static let shortLength = 16
    private static let originsForm = "`*`, or origins such as `https://app.example.com`"

    /// Nobody but this machine.
    init() {}

    /// Reads the keys where they stand in a block; what another block said stays where this one says nothing.
    mutating func read(_ reader: inout SettingsReader, context: CompileContext) {
        readTokens(&reader, context: context)
        readOrigins(&reader, context: context)
    }

    /// Says what has no effect.
    func finish(_ diagnostics: Diagnostics) {
        guard let originsPosition, !hasTokenKey else { return }
        diagnostics.report(
            Diagnostic(
                .note,
                at: originsPosition,
                message: "`origins` has no effect without `tokens`: a controller without tokens "
                    + "takes nothing from web pages of other origins"
            )
        )
    }

    private mutating func readTokens(_ reader: inout SettingsReader, context: CompileContext) {
        guard let nodes = reader.oneOrMore(Keys.tokens.name),
            let place = reader.node(Keys.tokens)
        else {
            return
        }
        hasTokenKey = true
        if nodes.isEmpty {
            reader.error(
                "found an empty list, expected one token or more",
                at: place.position,
                key: Keys.tokens.name
            )
        }
        for (index, node) in nodes.enumerated() {
            let path = "\(reader.path(Keys.tokens.name))[\(index)]"
            var name = "token \(index + 1)"
            var secret: Node? = node
            if case .map = node.content {
                var entry = reader.inner(node, keyPath: path)
                entry.accept(TokenKeys.map)
                name = entry.read(TokenKeys.name) ?? name
                secret = entry.node(TokenKeys.token)
                if secret == nil {
                    entry.missing(TokenKeys.token.name, expected: "the token's text")
                }
                entry.finish()
            }
            let text = secret.flatMap {
                LoadedText.of($0, keyPath: path, context: context, diagnostics: reader.diagnostics)
            }
            // What a fragment does not have was noted; nothing more can be said of it.
            if let text, text.isEmpty, context.unsetEnvironmentIsNote { continue }
            if let text {
                add(text, name: name, at: place.position, &reader)
            } else if let secret, secret.scalarText == nil {
                reader.mismatch(secret, key: Keys.tokens.name, expected: "the token's text")
            }
        }
    }

    private mutating func add(
        _ token: String,
        name: String,
        at position: SourcePosition,
        _ reader: inout SettingsReader
    ) {
        guard !token.isEmpty, token.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) else {
            return reader.error(
                "\(name) is empty or cannot be sent in a header, expected visible ASCII characters",
                at: position,
                key: Keys.tokens.name
            )
        }
        if token.utf8.count < Self.shortLength {
            reader.diagnostics.warning(
                "\(name) has fewer than \(Self.shortLength) characters and may be guessed; a good one: "
                    + "`openssl rand -hex 32`",
                at: position,
                keyPath: reader.path(Keys.tokens.name)
            )
        }
        tokens.add(token, name: name)
    }

    private mutating func readOrigins(_ reader: inout SettingsReader, context: CompileContext) {
        guard let nodes = reader.oneOrMore(Keys.origins.name) else { return }
        var found: Set<String> = []
        var isAny = false
        for node in nodes {
            originsPosition = node.position
            if node.scalarText == nil {
                reader.mismatch(node, key: Keys.origins.name, expected: Self.originsForm)
                continue
            }
            let text = LoadedText.of(
                node,
                keyPath: reader.path(Keys.origins.name),
                context: context,
                diagnostics: reader.diagnostics
            )
            for part in (text ?? "").split(separator: ",") {
                let word = part.filter { $0 != " " }
                if word == "*" {
                    isAny = true
                } else if let origin = OriginRule.origin(word) {
                    found.insert(origin)
                } else {
                    reader.mismatch(node, key: Keys.origins.name, expected: Self.originsForm)
                }
            }
        }
        origins = isAny ? .any : found.isEmpty ? .none : .some(found)
    }
}
