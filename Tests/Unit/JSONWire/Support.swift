import Foundation
import JSONWire

/// What a scanner says about a text: the kinds and ranges of all values, or the error.
enum Outline: Equatable {
    case values([Part])
    case error(JSONError)

    struct Part: Equatable {
        var kind: JSONKind
        var range: Range<Int>
    }
}

/// The scanners under test, used again and again as a thread would.
struct Scanners {
    private let scanners: [JSONScanner]

    init(depthMax: Int = 512) {
        scanners = JSONScanner.Engine.allCases.map { JSONScanner(depthMax: depthMax, engine: $0) }
    }

    /// The outline of a text, where all scanners agree; nil where they do not.
    func outline(_ bytes: [UInt8]) -> Outline? {
        let outlines = scanners.map { Self.outline(bytes, $0) }
        return outlines.allSatisfy { $0 == outlines.first } ? outlines.first : nil
    }

    /// All strings and names of a text, decoded, in their order, where all scanners agree on them; nil where one refuses the
    /// text or they do not agree.
    func strings(_ bytes: [UInt8]) -> [String]? {
        let found = scanners.map { Self.strings(bytes, $0) }
        return found.allSatisfy { $0 == found.first } ? found.first ?? nil : nil
    }

    private static func strings(_ bytes: [UInt8], _ scanner: JSONScanner) -> [String]? {
        scanner.read(bytes.span) { result in
            guard case .success(let document) = result else { return nil }
            var strings: [String] = []
            var open = [document.root]
            while let element = open.popLast() {
                if let string = element.copyString() { strings.append(string) }
                for part in Array(element.elements).reversed() { open.append(part) }
                for member in Array(element.members).reversed() {
                    open.append(member.value)
                    open.append(member.nameElement)
                }
            }
            return strings
        }
    }

    private static func outline(_ bytes: [UInt8], _ scanner: JSONScanner) -> Outline {
        scanner.read(bytes.span) { result in
            switch result {
            case .failure(let error): return .error(error)
            case .success(let document):
                var parts: [Outline.Part] = []
                var open = [document.root]
                while let element = open.popLast() {
                    parts.append(Outline.Part(kind: element.kind, range: element.rawRange))
                    for part in element.elements { open.append(part) }
                    for member in element.members {
                        open.append(member.nameElement)
                        open.append(member.value)
                    }
                }
                return .values(parts)
            }
        }
    }
}

/// Reads `text` and runs `body` with its root.
func withRoot<Output>(_ text: String, _ body: (JSONElement) throws -> Output) throws -> Output {
    try JSONScanner().read([UInt8](text.utf8).span) { result in
        try body(result.get().root)
    }
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

/// A webhook body with most things JSON has; 190 bytes or so.
let webhookBody = """
    {"id":"evt_1MqqbKLt4dXK03v5qaIbiNCC","type":"task.completed","data":{"task_id":"task-42",\
    "ok":true,"error":null,"count":-12,"ratio":0.25e+3,"tags":["a\\n","\\u00e9\\ud83d\\ude00","é😀"]},\
    "at" : [ ] , "x":{ }}
    """
