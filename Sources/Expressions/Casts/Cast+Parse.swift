internal import Documents
internal import JSONWire

extension Cast {
    /// What a word after `as` is.
    enum Reading {
        /// A type.
        case cast(Cast)
        /// A hint for the interface; it changes no value.
        case hint
        /// Neither, as far as is known; with the type that was probably meant.
        case unknown(nearest: String?)
        /// A type with something behind it that it does not take.
        case malformed(String)
    }

    /// The words that the reference has for interfaces and media.
    private static let hintWords: Set<String> = [
        "select", "slider", "image", "audio", "video", "file", "stream", "markdown",
    ]

    /// What other languages call our types.
    private static let foreign: [String: String] = [
        "int": "integer", "long": "integer", "short": "integer", "int32": "integer",
        "int64": "integer", "i32": "integer", "i64": "integer", "uint": "integer",
        "bigint": "integer", "whole": "integer", "str": "text", "char": "text", "varchar": "text",
        "utf8": "text", "float": "number", "float32": "number", "float64": "number",
        "double": "number", "decimal": "number", "real": "number", "num": "number",
        "numeric": "number", "bool": "boolean", "array": "list", "tuple": "list", "set": "list",
        "seq": "list", "sequence": "list", "vector": "list", "slice": "list", "dict": "object",
        "map": "object", "dictionary": "object", "hash": "object", "mapping": "object",
        "obj": "object", "struct": "object", "record": "object", "b64": "base64",
    ]

    /// Reads what stands after `as`: `integer`, `object[]/id,user.name`, `select/a,b`, `text;base64`.
    ///
    /// A format behind `;` makes any type a hint.
    static func parse(_ text: String) -> Reading {
        if text.utf8.contains(UInt8(ascii: ";")) { return .hint }
        let slash = text.utf8.firstIndex(of: UInt8(ascii: "/")) ?? text.endIndex
        var word = text[..<slash]
        let rest = text[slash...].dropFirst()
        let isList = word.hasSuffix("[]")
        if isList { word = word.dropLast(2) }
        if hintWords.contains(String(word)) { return .hint }
        guard let kind = Kind(rawValue: String(word)) else {
            if word.utf8.contains(UInt8(ascii: "[")) {
                return .malformed("behind a type stands `[]` or nothing")
            }
            let suffix = isList ? "[]" : ""
            let near =
                foreign[word.lowercased()]
                ?? NearestName.suggest(String(word), among: Kind.allCases.map(\.rawValue))
            return .unknown(nearest: near.map { $0 + suffix })
        }
        if slash == text.endIndex { return .cast(Cast(kind, isList: isList)) }
        if kind != .object { return .hint }
        var projection: [[JSONName]] = []
        for path in rest.split(separator: ",", omittingEmptySubsequences: false) {
            let names = path.split(separator: ".", omittingEmptySubsequences: false)
            if names.contains(where: \.isEmpty) {
                return .malformed("a projection is written `\(word)/name,path.to.name`")
            }
            projection.append(names.map { JSONName(String($0)) })
        }
        return .cast(Cast(kind, isList: isList, projection: projection))
    }
}
