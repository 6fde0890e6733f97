internal import Documents
internal import HTTPWire
internal import Workflows

/// Where an endpoint is reached: its path and methods.
struct EndpointStart {
    /// The whole path, base path included; nil where it is missing or wrong.
    let path: String?
    /// The methods; POST where none is written.
    let methods: [Method]
    /// Where the endpoint begins.
    let position: SourcePosition

    /// The methods as people write them: `GET|POST`.
    var methodNames: String { methods.map(\.name).joined(separator: "|") }

    /// Reads `path` and `method` of an endpoint.
    init(_ reader: inout SettingsReader, place: EndpointPlace) {
        path = Self.path(&reader, place: place)
        methods = Self.methods(&reader)
        position = reader.entries.first { $0.key == "path" }?.value.position ?? reader.position
    }

    private static func path(_ reader: inout SettingsReader, place: EndpointPlace) -> String? {
        reader.note("path")
        guard reader.has("path") else {
            reader.missing("path", expected: "the endpoint's path, such as /callback")
            return nil
        }
        guard let (path, node) = reader.stringAndNode("path") else { return nil }
        guard path.hasPrefix("/"), !path.contains("?"), !path.contains("#") else {
            reader.mismatch(
                node,
                key: "path",
                expected: "a path that begins with / and has no ? or #",
                suggestion: path.hasPrefix("/") ? nil : "/\(path.clipped)"
            )
            return nil
        }
        if let decoded = PercentText.plain(path) {
            reader.mismatch(
                node,
                key: "path",
                expected: "a path without percent escapes: it is compared after they are taken off",
                suggestion: decoded
            )
            return nil
        }
        return place.basePath + path
    }

    private static func methods(_ reader: inout SettingsReader) -> [Method] {
        guard let nodes = reader.settings("method") else { return [.post] }
        let methods = nodes.compactMap { node -> Method? in
            let taken: [Method] = [.get, .post, .put, .patch, .delete]
            if case .text(let word) = node.content, let method = Method(name: word.uppercased()),
                taken.contains(method)
            {
                return method
            }
            reader.mismatch(
                node,
                key: "method",
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
