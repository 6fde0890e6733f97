internal import Documents
internal import Platform
internal import Primitives
internal import Security
internal import Verification

/// The words of a command line that describe a sender, and a request of it.
enum SenderArguments {
    /// The options that describe a sender.
    static let options: [Arguments.Option] = [
        .init(names: ["--preset"], value: "PRESET", help: "the sender: github, stripe, slack …"),
        .init(
            names: ["--scheme"],
            value: "FILE",
            help: "a scheme of your own: YAML as it stands under `verify:`"
        ),
        .init(
            names: ["--secret"],
            value: "SECRET",
            help: "the secret; @FILE reads a file; SLUICE_SECRET is safer than the command line"
        ),
        .init(
            names: ["--set"],
            value: "KEY=VALUE",
            help: "any other key of `verify:`, its value in YAML; may be given again"
        ),
    ]

    /// The options that describe a request.
    static let requestOptions: [Arguments.Option] =
        DataArgument.bodyOptions + [
            .init(
                names: ["-H", "--header"],
                value: "NAME: VALUE",
                help: "a header of the request; may be given again"
            ),
            .init(names: ["-X", "--method"], value: "METHOD", help: "the method; POST by default"),
            .init(names: ["--url"], value: "URL", help: "the URL that the sender calls"),
            .init(
                names: ["--now"],
                value: "TIME",
                help: "the present: seconds since 1970, or a moment such as 2026-01-31T12:00:00Z"
            ),
            .init(names: ["--json"], value: nil, help: "print JSON"),
        ]

    /// The verifier that the words describe.
    ///
    /// - Parameters:
    ///   - arguments: The command line.
    ///   - preset: The sender; nil for what the command line says.
    ///   - publicKey: The public half of a private key; nil for none.
    /// - Returns: The verifier.
    /// - Throws: ``Arguments/Mistake`` where there is none.
    static func verifier(
        _ arguments: Arguments,
        preset: String? = nil,
        publicKey: PublicKey? = nil
    ) throws(Arguments.Mistake) -> Verifier {
        let diagnostics = Diagnostics()
        var printer = DiagnosticPrinter()
        var node = Node(.map([]), at: .nowhere)
        if let file = arguments.last("--scheme") {
            let bytes = try DataArgument.file(file)
            printer.addSource(bytes, file: file)
            node = YAMLReader.read(bytes, file: file, diagnostics: diagnostics).first ?? node
        }
        guard
            let name = preset ?? arguments.last("--preset") ?? node["preset"]?.scalarText
                ?? node["type"]?.scalarText ?? (node["header"] == nil ? nil : "")
        else {
            throw Arguments.Mistake(
                message: "this needs a sender: --preset PRESET, or --scheme FILE"
            )
        }
        if !name.isEmpty, preset != nil || arguments.has("--preset"),
            PresetTable.named(name) == nil
        {
            let near = NearestName.suggest(name, among: PresetTable.names)
            throw Arguments.Mistake(
                message: "there is no sender `\(name)`; "
                    + (near.map { "did you mean `\($0)`?" }
                        ?? "there are \(PresetTable.names.joined(separator: ", "))")
            )
        }
        node = node.merging(try given(arguments, preset: preset, publicKey: publicKey))
        let verifier = VerifierReader(diagnostics: diagnostics).read(node, keyPath: "")
        if let verifier, !diagnostics.hasErrors { return verifier }
        let errors = diagnostics.all.filter { $0.severity == .error }
        guard arguments.has("--scheme") else {
            throw Arguments.Mistake(message: errors.first?.message ?? "this is no sender")
        }
        throw Arguments.Mistake(message: "the scheme cannot be used:\n" + printer.text(errors))
    }

    /// What the options say of the sender, as it would stand under `verify:`.
    private static func given(
        _ arguments: Arguments,
        preset: String?,
        publicKey: PublicKey?
    ) throws(Arguments.Mistake) -> Node {
        var texts: [(key: String, text: String)] = []
        if let name = preset ?? arguments.last("--preset") { texts.append(("preset", name)) }
        if let secret = try secret(arguments) { texts.append(("secret", secret)) }
        if let publicKey { texts.append(("public_key", Base64.text(of: publicKey.der))) }
        var entries = texts.map { entry($0.key, Node(.text($0.text), at: .nowhere)) }
        for pair in arguments.all("--set") {
            guard let equals = pair.firstIndex(of: "="), equals != pair.startIndex else {
                throw Arguments.Mistake(message: "--set wants KEY=VALUE, not `\(pair)`")
            }
            let text = String(pair[pair.index(after: equals)...])
            var value: Node?
            if text.hasPrefix("@") {
                let bytes = try DataArgument.file(String(text.dropFirst()))
                value = Node(.text(String(decoding: bytes, as: UTF8.self)), at: .nowhere)
            } else {
                value =
                    YAMLReader.read(
                        Array(text.utf8),
                        file: "--set",
                        diagnostics: Diagnostics()
                    ).first
            }
            guard let value else {
                throw Arguments.Mistake(message: "--set wants a value in YAML, not `\(text)`")
            }
            entries.append(entry(String(pair[..<equals]), value))
        }
        return Node(.map(entries), at: .nowhere)
    }

    private static func entry(_ key: String, _ value: Node) -> Node.Entry {
        Node.Entry(key: key, keyPosition: .nowhere, value: value)
    }

    /// The secret: of the option, its file, or the environment; nil for none.
    private static func secret(_ arguments: Arguments) throws(Arguments.Mistake) -> String? {
        guard let given = arguments.last("--secret") else {
            return ProcessState.environment()["SLUICE_SECRET"]
        }
        guard given.hasPrefix("@") else { return given }
        var bytes = try DataArgument.file(String(given.dropFirst()))
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The request that the words describe.
    static func request(_ arguments: Arguments) throws(Arguments.Mistake) -> SenderRequest {
        let url = arguments.last("--url") ?? "http://localhost/"
        guard let scheme = url.firstRange(of: "://") else {
            throw Arguments.Mistake(message: "--url wants a URL, not `\(url)`")
        }
        let rest = url[scheme.upperBound...]
        let authority = String(rest.prefix { $0 != "/" && $0 != "?" })
        let target = String(rest.dropFirst(authority.count))
        var request = SenderRequest(
            method: (arguments.last("-X") ?? "POST").uppercased(),
            target: target.hasPrefix("/") ? target : "/\(target)",
            scheme: String(url[..<scheme.lowerBound]),
            authority: authority
        )
        for line in arguments.all("-H") {
            guard let pair = HeaderLine(line) else {
                throw Arguments.Mistake(message: "-H wants `NAME: VALUE`, not `\(line)`")
            }
            request.add(pair.name, pair.value)
        }
        return request
    }

    /// The present, or what the words say it is.
    static func now(_ arguments: Arguments) throws(Arguments.Mistake) -> WallTime {
        guard let text = arguments.last("--now") else { return .now() }
        guard let time = MomentOfSender.read(text) else {
            throw Arguments.Mistake(message: "--now wants a time, not `\(text)`")
        }
        return time
    }
}
