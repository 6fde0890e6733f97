/// Texts without an expression that were probably meant as one.
package enum ConstantText {
    /// The expression that a text was probably meant as: `${body.id}` for `body.id`, `{{ body.id }}` or `$body.id`; for any
    /// other name a member of the first source that is given, `${body.id}` for `id`.
    ///
    /// - Parameters:
    ///   - text: The text as it is written.
    ///   - sources: What may be named at its place.
    ///   - member: The source whose member a bare name is; nil where a bare name is left alone.
    /// - Returns: Nil where no expression that could be read comes of it.
    package static func expression(
        for text: String,
        _ sources: SourceSet,
        memberOf member: Source?
    ) -> String? {
        // `$body.id`, `$.id`, `$(body.id)`, `#{body.id}`, `{{ .body.id }}`, `<%= body.id %>`.
        let signs = Array("$#%@{(<=>)}. ".utf8)
        var bytes = Array((braced(text) ?? text).utf8)[...]
        while let first = bytes.first, signs.contains(first) { bytes.removeFirst() }
        while let last = bytes.last, signs.contains(last) { bytes.removeLast() }
        let path = String(decoding: bytes, as: UTF8.self)
        if isPath(path, sources) { return "${\(path)}" }
        guard let member, isNames(path), sources.contains(member) else { return nil }
        return "${\(member.name).\(path)}"
    }

    /// Whether a text is a source with a path behind it, or a source alone.
    package static func isPath(_ text: String, _ sources: SourceSet) -> Bool {
        let word = text.prefix { $0.utf8.allSatisfy(Characters.isName) }
        guard let source = Source(name: word), sources.contains(source) else { return false }
        return isNames(text)
    }

    /// What stands between the first `{{` and `}}` of a text, without a dot before it; nil for none.
    static func braced(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        guard let start = place(of: "{{", in: bytes, from: 0),
            let end = place(of: "}}", in: bytes, from: start + 2)
        else { return nil }
        var inner = bytes[(start + 2)..<end]
        while let first = inner.first, first == UInt8(ascii: " ") || first == UInt8(ascii: ".") {
            inner.removeFirst()
        }
        while inner.last == UInt8(ascii: " ") { inner.removeLast() }
        return inner.isEmpty ? nil : String(decoding: inner, as: UTF8.self)
    }

    private static func place(of pair: String, in bytes: [UInt8], from start: Int) -> Int? {
        let wanted = Array(pair.utf8)
        var at = start
        while at + 1 < bytes.count {
            if bytes[at] == wanted[0], bytes[at + 1] == wanted[1] { return at }
            at += 1
        }
        return nil
    }

    /// Whether a text is names and indices, as a path has them.
    private static func isNames(_ text: String) -> Bool {
        var hasName = false
        for part in text.split(separator: ".", omittingEmptySubsequences: false) {
            let name = part.prefix { $0 != "[" }
            if name.isEmpty || !name.utf8.allSatisfy(Characters.isName) { return false }
            let rest = part.dropFirst(name.count)
            if !rest.isEmpty, !rest.hasSuffix("]") { return false }
            if !rest.utf8.allSatisfy({ Characters.isDigit($0) || "[]*:-".utf8.contains($0) }) {
                return false
            }
            hasName = true
        }
        guard let first = text.utf8.first else { return false }
        return hasName && Characters.isWordStart(first)
    }
}
