/// Pointers and `unsafe` occur only where the house allows them, and `@unchecked Sendable` only with its reason.
enum UnsafeRule {
    private static let words: Set = ["unsafe", "Unmanaged", "OpaquePointer", "unsafeBitCast"]
    private static let beginnings = ["Unsafe", "withUnsafe", "withContiguousStorage"]

    /// Every unsafe word of a file that may have none.
    static func findings(in file: SourceFile) -> [Finding] {
        let isOwner = ImportRule.imports(of: file).contains { $0.module == Rooms.unsafeImport }
        if Rooms.unsafeAllowed.contains(file.room) || isOwner { return [] }
        return file.text.words.enumerated().compactMap { index, line in
            let unsafe = line.first { word in
                words.contains(word) || beginnings.contains { word.hasPrefix($0) }
            }
            return unsafe.map {
                Finding(file.path, index + 1, "\($0) may not occur in \(file.room)")
            }
        }
    }

    /// Every `@unchecked Sendable` without a comment that begins "Sendable because" close to it.
    static func unexplained(in file: SourceFile) -> [Finding] {
        file.text.code.indices.compactMap { index in
            guard file.text.code[index].contains("@unchecked Sendable") else { return nil }
            let near = max(0, index - 6)..<min(index + 7, file.text.comments.count)
            let isSaid = file.text.comments[near].contains { $0.contains("Sendable because") }
            return isSaid
                ? nil : Finding(file.path, index + 1, "say why: // Sendable because …")
        }
    }
}
