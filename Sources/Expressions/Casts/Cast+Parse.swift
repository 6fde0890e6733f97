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
            return .unknown(
                nearest: NearestName.suggest(
                    String(word),
                    among: Kind.allCases.map(\.rawValue)
                )
            )
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
