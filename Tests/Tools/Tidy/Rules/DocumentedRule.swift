/// Every type and every `package` declaration under `Sources` has a doc comment.
enum DocumentedRule {
    private static let types: Set = ["struct", "class", "enum", "protocol", "actor"]
    private static let members: Set = [
        "func", "init", "var", "let", "subscript", "typealias", "macro",
    ]
    private static let modifiers: Set = [
        "package", "public", "internal", "private", "fileprivate", "static", "final", "nonisolated",
        "mutating", "nonmutating", "consuming", "borrowing", "indirect", "override", "convenience",
        "lazy", "weak", "unowned", "class", "prefix", "postfix", "infix", "set", "unsafe", "safe",
        "inlinable", "inline", "always", "never", "usableFromInline", "discardableResult",
        "available", "specialized", "frozen", "c", "required", "unchecked", "Sendable",
        "retroactive",
    ]
    private static let signs: Set = ["@", "(", ")", ",", "*"]

    /// Witnesses of the standard library's protocols, whose meaning is theirs.
    private static let witnesses: Set = [
        "=", "<", "hash", "description", "debugDescription", "makeIterator", "errorDescription",
        "rawValue",
    ]

    /// Every type or `package` declaration without a doc comment above it.
    ///
    /// What a protocol of the package requires is documented there, for all who conform to it (`requirements`).
    static func findings(in file: SourceFile, requirements: Set<String> = []) -> [Finding] {
        file.text.code.indices.compactMap { index in
            guard let declaration = declaration(file.text.words[index]) else { return nil }
            let needsDocs = declaration.isType || declaration.isPackage
            if !needsDocs || witnesses.contains(declaration.name) { return nil }
            if file.text.code[index].contains("init(rawValue:") { return nil }
            if !declaration.isType, requirements.contains(declaration.name) { return nil }
            if isDocumented(index, in: file) { return nil }
            return Finding(file.path, index + 1, "\(declaration.name) has no doc comment")
        }
    }

    /// The names that the protocols of a file require with a doc comment.
    static func requirements(of file: SourceFile) -> Set<String> {
        var isInProtocol = false
        var names: Set<String> = []
        for index in file.text.code.indices {
            let line = file.text.code[index]
            if line.hasPrefix("}") { isInProtocol = false }
            if line.hasPrefix("package protocol ") { isInProtocol = !line.contains("}") }
            guard isInProtocol, let member = declaration(file.text.words[index]), !member.isType
            else { continue }
            if isDocumented(index, in: file) { names.insert(member.name) }
        }
        return names
    }

    /// The declaration a line begins, if it begins one.
    private static func declaration(
        _ words: [String]
    ) -> (name: String, isType: Bool, isPackage: Bool)? {
        guard let first = words.first, first != "case" else { return nil }
        for (place, word) in words.enumerated() {
            let next = place + 1 < words.count ? words[place + 1] : ""
            let isType = types.contains(word) && !(word == "class" && members.contains(next))
            if isType || members.contains(word) {
                let name = word == "init" || word == "subscript" ? word : next
                return (name, isType && word != "import", words[..<place].contains("package"))
            }
            if !modifiers.contains(word), !signs.contains(word) { return nil }
        }
        return nil
    }

    /// Whether a doc comment stands above a line, attributes between them aside.
    private static func isDocumented(_ index: Int, in file: SourceFile) -> Bool {
        var above = index - 1
        while above >= 0 {
            let comment = file.text.comments[above].drop { $0 == " " }
            if comment.hasPrefix("///") { return true }
            let code = file.text.code[above].drop { $0 == " " }
            guard code.first == "@" || (code.isEmpty && !comment.isEmpty) else { return false }
            above -= 1
        }
        return false
    }
}
