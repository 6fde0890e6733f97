/// Walks over Swift source and sorts every byte into code, comment or neither (the inside of a string).
struct SwiftLexer {
    /// The code; every other byte but line feeds is a space.
    private(set) var code: [UInt8]
    /// The comments; every other byte but line feeds is a space.
    private(set) var comments: [UInt8]
    private let bytes: [UInt8]
    private var position = 0
    private var modes: [Mode] = [.code(parentheses: 0)]

    /// What surrounds the present position.
    private enum Mode: Equatable {
        case code(parentheses: Int)
        case string(hashes: Int, isMultiline: Bool)
        case lineComment
        case blockComment(depth: Int)
    }

    /// Prepares to walk over a file.
    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        code = bytes.map { $0 == 10 ? 10 : 32 }
        comments = code
    }

    /// Walks to the end.
    mutating func run() {
        while position < bytes.count {
            switch modes.last {
            case .string(let hashes, let isMultiline): stepInString(hashes, isMultiline)
            case .lineComment: stepInLineComment()
            case .blockComment(let depth): stepInBlockComment(depth)
            case .code(let parentheses): stepInCode(parentheses)
            case nil: return
            }
        }
    }

    private mutating func stepInCode(_ parentheses: Int) {
        if at("//") {
            modes.append(.lineComment)
        } else if at("/*") {
            modes.append(.blockComment(depth: 0))
        } else if let opening = stringOpening() {
            keep(in: \.code, count: opening.length)
            modes.append(.string(hashes: opening.hashes, isMultiline: opening.isMultiline))
        } else {
            let byte = bytes[position]
            keep(in: \.code, count: 1)
            if byte == UInt8(ascii: "(") { replaceMode(.code(parentheses: parentheses + 1)) }
            if byte == UInt8(ascii: ")") { closeParenthesis(parentheses) }
        }
    }

    /// The end of an interpolation when it closes more than the code in it opened.
    private mutating func closeParenthesis(_ parentheses: Int) {
        if parentheses == 0, modes.count > 1 {
            modes.removeLast()
        } else {
            replaceMode(.code(parentheses: max(0, parentheses - 1)))
        }
    }

    private mutating func stepInString(_ hashes: Int, _ isMultiline: Bool) {
        let marks = String(repeating: "#", count: hashes)
        let end = (isMultiline ? "\"\"\"" : "\"") + marks
        if at("\\" + marks + "(") {
            position += hashes + 2
            modes.append(.code(parentheses: 0))
        } else if at("\\" + marks) {
            position += hashes + 2
        } else if at(end) {
            keep(in: \.code, count: end.utf8.count)
            modes.removeLast()
        } else if bytes[position] == 10, !isMultiline {
            // No valid source has this; going on as code keeps the damage to one line.
            modes.removeLast()
        } else {
            position += 1
        }
    }

    private mutating func stepInLineComment() {
        if bytes[position] == 10 {
            modes.removeLast()
        } else {
            keep(in: \.comments, count: 1)
        }
    }

    private mutating func stepInBlockComment(_ depth: Int) {
        if at("/*") {
            keep(in: \.comments, count: 2)
            replaceMode(.blockComment(depth: depth + 1))
        } else if at("*/") {
            keep(in: \.comments, count: 2)
            if depth <= 1 {
                modes.removeLast()
            } else {
                replaceMode(.blockComment(depth: depth - 1))
            }
        } else {
            keep(in: \.comments, count: 1)
        }
    }

    /// A string literal that begins here: hashes, then one quote or three.
    private func stringOpening() -> (hashes: Int, isMultiline: Bool, length: Int)? {
        var hashes = 0
        while position + hashes < bytes.count, bytes[position + hashes] == UInt8(ascii: "#") {
            hashes += 1
        }
        let marks = String(repeating: "#", count: hashes)
        if at(marks + "\"\"\"") { return (hashes, true, hashes + 3) }
        return at(marks + "\"") ? (hashes, false, hashes + 1) : nil
    }

    private func at(_ text: String) -> Bool {
        var index = position
        for byte in text.utf8 {
            guard index < bytes.count, bytes[index] == byte else { return false }
            index += 1
        }
        return true
    }

    private mutating func keep(in target: WritableKeyPath<SwiftLexer, [UInt8]>, count: Int) {
        for index in position..<min(position + count, bytes.count) {
            self[keyPath: target][index] = bytes[index]
        }
        position += count
    }

    private mutating func replaceMode(_ mode: Mode) {
        modes[modes.count - 1] = mode
    }
}
