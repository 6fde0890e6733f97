internal import Documents
internal import Expressions
internal import HTTPWire
internal import JSONWire
internal import Workflows

/// Where an endpoint is reached: its path and methods.
struct EndpointStart {
    /// The whole path, base path included; nil where it is missing or wrong.
    let path: String?
    /// The parameters of the path.
    let pattern: PathPattern
    /// Where the path is written; the endpoint's place where it is not.
    let position: SourcePosition
    /// The methods; POST where none is written.
    let methods: [Method]
    /// The status of every success answer; nil: each has its own.
    let respondStatus: Int?
    /// What it says of the requests it takes.
    let rules: EndpointRules

    /// The methods as people write them: `GET|POST`.
    var methodNames: String { methods.map(\.name).joined(separator: "|") }

    /// Reads what endpoints of both types have; only the requests of some have keys.
    init(_ reader: inout SettingsReader, place: EndpointPlace, hasKeys: Bool) {
        position = reader.node(EndpointKeys.path)?.position ?? reader.position
        (path, pattern) = Self.path(&reader, place: place).map { ($0, $1) } ?? (nil, .none)
        methods = Self.methods(&reader)
        respondStatus = RespondReader.status(&reader)
        rules = EndpointRules(
            isEnabled: reader.read(EndpointKeys.isEnabled),
            body: Self.body(&reader),
            redacted: RedactedParts.read(&reader),
            rates: RateRuleReader(hasKeys: hasKeys).rules(&reader)
        )
    }

    /// Says of every `${path.name}` that the path has no such parameter.
    func checkReferences(_ templates: [Template], _ reader: SettingsReader) {
        guard path != nil else { return }
        for reference in templates.flatMap(\.references) where reference.source == .path {
            guard let step = reference.steps.first else { continue }
            guard case .member(let name) = step else {
                refuse(
                    reference,
                    "`path` is a text; a parameter of it is named, as in `${path.id}`",
                    nil,
                    reader
                )
                continue
            }
            if !pattern.names.contains(name.text) {
                let names = pattern.names.map { "`\($0)`" }.joined(separator: ", ")
                let rest =
                    names.isEmpty
                    ? "the endpoint's path has none: one is written `{\(name.text.clipped)}` in it"
                    : "there are \(names)"
                refuse(
                    reference,
                    "the path has no parameter `\(name.text.clipped)`; \(rest)",
                    nearest(name.text).map { "${path.\($0)}" },
                    reader
                )
            } else if reference.steps.count > 1 {
                refuse(
                    reference,
                    "the parameter `\(name.text)` of the path is a text and has no parts",
                    "${path.\(name.text)}",
                    reader
                )
            }
        }
    }

    /// The parameter that may be meant: the nearest by name, or the only one.
    private func nearest(_ name: String) -> String? {
        NearestName.suggest(name, among: pattern.names)
            ?? (pattern.names.count == 1 ? pattern.names.first : nil)
    }

    private func refuse(
        _ reference: Reference,
        _ message: String,
        _ suggestion: String?,
        _ reader: SettingsReader
    ) {
        reader.diagnostics.error(
            message,
            at: reference.position,
            keyPath: reader.keyPath,
            suggestion: suggestion
        )
    }

    private static func path(
        _ reader: inout SettingsReader,
        place: EndpointPlace
    ) -> (path: String, pattern: PathPattern)? {
        let key = EndpointKeys.path.name
        guard reader.has(EndpointKeys.path) else {
            reader.missing(key, expected: "the endpoint's path, such as /callback")
            return nil
        }
        guard let (path, node) = reader.stringAndNode(key) else { return nil }
        guard path.hasPrefix("/"), !path.contains("?"), !path.contains("#") else {
            reader.mismatch(
                node,
                key: key,
                expected: "a path that begins with / and has no ? or #",
                suggestion: path.hasPrefix("/") ? nil : "/\(path.clipped)"
            )
            return nil
        }
        if let decoded = PercentText.plain(path) {
            reader.mismatch(
                node,
                key: key,
                expected: "a path without percent escapes: it is compared after they are taken off",
                suggestion: decoded
            )
            return nil
        }
        do throws(PathPattern.Mistake) {
            let whole = place.basePath + path
            return (PathPattern.plain(whole), try PathPattern(whole))
        } catch {
            reader.error(
                error.message,
                at: node.position,
                key: key,
                suggestion: error.suggestion
            )
            return nil
        }
    }

    /// Reads `body` and `form_field`.
    private static func body(_ reader: inout SettingsReader) -> BodyRule? {
        let form = reader.read(EndpointKeys.body)
        guard let (field, node) = reader.stringAndNode(EndpointKeys.formField.name) else {
            return form.map { BodyRule($0) }
        }
        guard form == .form else {
            reader.error(
                "a field that holds the JSON is one of a form; expected `body: form` beside it",
                at: node.position,
                key: EndpointKeys.formField.name
            )
            return nil
        }
        return BodyRule(.form, field: field)
    }

    private static func methods(_ reader: inout SettingsReader) -> [Method] {
        let key = EndpointKeys.method.name
        guard let nodes = reader.settings(key) else { return [.post] }
        let methods = nodes.compactMap { node -> Method? in
            let taken: [Method] = [.get, .post, .put, .patch, .delete]
            if case .text(let word) = node.content, let method = Method(name: word.uppercased()),
                taken.contains(method)
            {
                return method
            }
            reader.mismatch(
                node,
                key: key,
                expected: "one of GET, POST, PUT, PATCH and DELETE",
                suggestion: node.scalarText.flatMap {
                    NearestName.suggest($0, among: taken.map(\.name))
                }
            )
            return nil
        }
        return methods.isEmpty ? [.post] : methods
    }
}
