import Documents
import Foundation
import JSONWire

/// Reads a text as `test.yml`; the documents and what was reported, each as `line:column message`.
func read(_ text: String, file: String = "test.yml") -> (nodes: [Node], findings: [String]) {
    let diagnostics = Diagnostics()
    let nodes = YAMLReader.read(text, file: file, diagnostics: diagnostics)
    return (nodes, diagnostics.all.map(brief))
}

/// `line:column path: message (suggestion)`.
func brief(_ diagnostic: Diagnostic) -> String {
    var text = "\(diagnostic.position.line):\(diagnostic.position.column) "
    if diagnostic.severity != .error { text += "\(diagnostic.severity.rawValue) " }
    if !diagnostic.keyPath.isEmpty { text += "\(diagnostic.keyPath): " }
    text += diagnostic.message
    if let suggestion = diagnostic.suggestion { text += " [\(suggestion)]" }
    return text
}

/// The only document of a text, as compact JSON.
func json(_ text: String) -> String? {
    read(text).nodes.first?.jsonValue.jsonText
}

/// The files of a folder under `Data`, by name.
func dataFiles(_ folder: String) throws -> [(name: String, bytes: [UInt8])] {
    let root = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Data").appending(path: folder)
    return try FileManager.default.contentsOfDirectory(atPath: root.path).sorted().map { name in
        let file = try FileHandle(forReadingFrom: root.appending(path: name))
        return (name, [UInt8](try file.readToEnd() ?? Data()))
    }
}
