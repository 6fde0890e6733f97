internal import HTTPWire

/// The path of an endpoint with its parameters: `/orders/{id}`, `/files/{rest:path}`, `/hook/{token:secret}`.
package struct PathPattern: Sendable {
    /// A parameter of a path.
    package struct Parameter: Sendable {
        /// Its name.
        let name: String
        /// The segment where it begins.
        let segment: Int
        /// Whether it goes on to the end of the path.
        let takesRest: Bool
        /// Whether what stands for it is a secret.
        var isSecret = false
    }

    /// What is wrong with a path.
    struct Mistake: Error {
        /// What is wrong, and how it is written right.
        let message: String
        /// The path as it may be meant; nil where that cannot be told.
        let suggestion: String?
    }

    /// The parameters, in their order.
    package let parameters: [Parameter]
    /// The path with every name left out: two endpoints of the same shape take the same requests.
    let shape: String

    /// A path without parameters.
    static let none = PathPattern(parameters: [], shape: "")

    /// The segments of the path that hold secrets.
    package var secretSegments: [Int] { parameters.filter(\.isSecret).map(\.segment) }

    /// A path without what says that a parameter is a secret: `/hook/{token}` for `/hook/{token:secret}`.
    static func plain(_ path: String) -> String { path.replacing(":secret}", with: "}") }

    /// The names of the parameters.
    var names: [String] { parameters.map(\.name) }

    private init(parameters: [Parameter], shape: String) {
        self.parameters = parameters
        self.shape = shape
    }

    /// Reads a path.
    ///
    /// - Throws: ``Mistake`` for a spelling of another router, a parameter that is no whole segment, and a name that is
    ///   none or stands there twice.
    init(_ path: String) throws(Mistake) {
        let segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        var parameters: [Parameter] = []
        var shape = ""
        for (index, segment) in segments.enumerated() {
            guard let parameter = try Self.parameter(segment, index) else {
                shape += "/" + segment
                continue
            }
            if parameter.takesRest, index < segments.count - 1 {
                throw Mistake(
                    message: "`\(segment)` takes the rest of the path and must be its last "
                        + "segment",
                    suggestion: nil
                )
            }
            if parameters.contains(where: { $0.name == parameter.name }) {
                throw Mistake(
                    message: "the path has the parameter `\(parameter.name)` twice",
                    suggestion: nil
                )
            }
            parameters.append(parameter)
            shape += parameter.takesRest ? "/{:path}" : "/{}"
        }
        self.init(parameters: parameters, shape: shape)
    }

    /// What stands for the parameters in a path as it was sent, decoded; empty texts where it has too few segments.
    package func values(inSentPath path: [UInt8]) -> [(name: String, value: String)] {
        parameters.map { parameter in
            let value =
                parameter.takesRest
                ? PathText.rest(path.span, from: parameter.segment)
                : PathText.segment(path.span, parameter.segment)
            return (parameter.name, value ?? "")
        }
    }

    /// Whether a path as it was sent is one of these; `written` is the pattern's own text.
    package func takes(sentPath path: [UInt8], of written: String) -> Bool {
        let segments = written.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        for (index, segment) in segments.enumerated() {
            guard let sent = PathText.segment(path.span, index) else { return false }
            guard let parameter = parameters.first(where: { $0.segment == index }) else {
                if sent != segment { return false }
                continue
            }
            if parameter.takesRest { return true }
            if sent.isEmpty { return false }
        }
        return PathText.segment(path.span, segments.count) == nil
    }

    /// The parameter that a segment is; nil for text.
    private static func parameter(
        _ segment: Substring,
        _ index: Int
    ) throws(Mistake) -> Parameter? {
        guard segment.contains(where: { "{}<>*".contains($0) }) || isForeign(segment) else {
            return nil
        }
        guard segment.first == "{", segment.last == "}", segment.count > 1,
            !segment.dropFirst().dropLast().contains(where: { "{}".contains($0) })
        else { throw foreign(segment) }
        let inner = segment.dropFirst().dropLast()
        let parts = inner.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts.first ?? "")
        guard isName(name) else {
            throw Mistake(
                message: "`\(segment)` names no parameter: a name has letters, digits, `_` and "
                    + "`-`, and begins with a letter or `_`",
                suggestion: word(in: inner).map { "{\($0)}" }
            )
        }
        guard parts.count > 1 else {
            return Parameter(name: name, segment: index, takesRest: false)
        }
        switch parts[1] {
        case "path": return Parameter(name: name, segment: index, takesRest: true)
        case "secret":
            return Parameter(name: name, segment: index, takesRest: false, isSecret: true)
        default:
            throw Mistake(
                message: "`\(segment)`: a parameter has no type, it is text; "
                    + "`{\(name):path}` takes the rest of the path",
                suggestion: "{\(name)}"
            )
        }
    }

    /// Whether a segment looks like a parameter of a router that writes them without braces: `:id`, `[id]`.
    private static func isForeign(_ segment: Substring) -> Bool {
        let rest = segment.dropFirst()
        switch segment.first {
        case ":": return rest.first.map { $0.isLetter || $0 == "_" } ?? false
        case "[": return segment.last == "]"
        default: return false
        }
    }

    private static func foreign(_ segment: Substring) -> Mistake {
        let isRest = segment.contains("*")
        let name = isRest && !isName(String(segment.dropFirst())) ? nil : word(in: segment)
        let isOpen = segment.count { $0 == "{" } != segment.count { $0 == "}" }
        let suggestion = name.map { isRest ? "{\($0):path}" : "{\($0)}" }
        if isOpen {
            return Mistake(
                message: "`\(segment)` has a brace without the other one: a parameter is "
                    + "written `{name}`",
                suggestion: suggestion
            )
        }
        if segment.contains("{") {
            return Mistake(
                message: "`\(segment)`: a parameter is a whole segment, written `{name}`",
                suggestion: nil
            )
        }
        return Mistake(
            message: "`\(segment)` is not how a parameter is written here: `{name}` takes one "
                + "segment, `{name:path}` the rest of the path",
            suggestion: suggestion ?? (isRest ? "{rest:path}" : nil)
        )
    }

    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, isLetter(first) || first == UInt8(ascii: "_") else {
            return false
        }
        return text.utf8.allSatisfy { byte in
            isLetter(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "_")
                || byte == UInt8(ascii: "-")
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

    /// The name in a segment that is written another way; nil where there is none.
    private static func word(in segment: Substring) -> String? {
        // `<int:id>` puts a type before the name.
        let typed = segment.hasPrefix("<") ? segment.lastIndex(of: ":") : nil
        let rest = typed.map { segment[$0...].dropFirst() } ?? segment
        let start = rest.drop { !isName(String($0)) }
        let word = String(start.prefix { isName("a\($0)") })
        return isName(word) ? word : nil
    }
}
