internal import Documents
internal import Expressions

/// Who may use the controller: `tokens` and `origins`, which may stand at the controller or at its adapter.
struct ControllerAccess: Sendable {
    /// The tokens; without any, only programs of this machine should reach the controller.
    var tokens = TokenSet()
    /// The web pages that may use it.
    var origins = OriginRule.none
    private var originsPosition: SourcePosition?
    private var hasTokenKey = false

    private static let shortLength = 16

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
        guard let nodes = reader.oneOrMore("tokens"), let place = reader.node("tokens") else {
            return
        }
        hasTokenKey = true
        if nodes.isEmpty {
            reader.error(
                "found an empty list, expected one token or more",
                at: place.position,
                key: "tokens"
            )
        }
        for (index, node) in nodes.enumerated() {
            let path = "\(reader.path("tokens"))[\(index)]"
            var name = "token \(index + 1)"
            var secret: Node? = node
            if case .map = node.content {
                var entry = reader.inner(node, keyPath: path)
                name = entry.text("name") ?? name
                secret = entry.node("token")
                if secret == nil { entry.missing("token", expected: "the token's text") }
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
                reader.mismatch(secret, key: "tokens", expected: "the token's text")
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
                key: "tokens"
            )
        }
        if token.utf8.count < Self.shortLength {
            reader.diagnostics.warning(
                "\(name) has fewer than \(Self.shortLength) characters and may be guessed; a good one: "
                    + "`openssl rand -hex 32`",
                at: position,
                keyPath: reader.path("tokens")
            )
        }
        tokens.add(token, name: name)
    }

    private mutating func readOrigins(_ reader: inout SettingsReader, context: CompileContext) {
        guard let nodes = reader.oneOrMore("origins") else { return }
        var found: Set<String> = []
        var isAny = false
        for node in nodes {
            originsPosition = node.position
            let text = LoadedText.of(
                node,
                keyPath: reader.path("origins"),
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
                    reader.mismatch(
                        node,
                        key: "origins",
                        expected: "`*`, or origins such as `https://app.example.com`"
                    )
                }
            }
        }
        origins = isAny ? .any : found.isEmpty ? .none : .some(found)
    }
}
