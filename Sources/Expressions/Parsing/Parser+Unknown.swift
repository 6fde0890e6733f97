internal import Documents
internal import JSONWire

extension Parser {
    /// The error for a word that is no source.
    func unknown(_ word: String, _ range: Range<Int>) -> SyntaxError {
        if let literal = Self.foreignLiterals[word] {
            return error("there is no source `\(word)`", range, suggestion: literal)
        }
        let names = available.map(\.name)
        if context.stepIDs.contains(word), context.sources.contains(.jobs) {
            return error(
                "`\(word)` is a job: its output is `\(word).output`",
                range,
                suggestion: "\(word).output"
            )
        }
        if Self.isShellName(word) {
            var message = "there is no source `\(word)`"
            if context.environment[word] != nil {
                message += "; the variable of the environment is `env.\(word)`"
            }
            return error(
                message + shellHint,
                range,
                suggestion: context.environment[word] != nil ? "env.\(word)" : nil
            )
        }
        if let problem = foreign(word, range) { return problem }
        let near =
            NearestName.suggest(word, among: names)
            ?? NearestName.suggest(word, among: context.stepIDs.sorted())
        var message = "there is no source `\(word)`; here are \(Self.list(names))"
        if near == nil,
            let elsewhere = NearestName.suggest(word, among: Source.allCases.map(\.name))
        {
            message += ": `\(elsewhere)` is not available at this place"
        }
        return error(message, range, suggestion: near)
    }

    /// What other tools call our sources.
    private static let foreignSources: [String: Source] = [
        "payload": .body, "data": .body, "json": .body, "event": .body, "message": .body,
        "headers": .header, "params": .query, "args": .query, "steps": .jobs, "tasks": .jobs,
        "nodes": .jobs, "job": .jobs, "step": .jobs, "inputs": .input, "vars": .input,
        "variables": .input, "workflow": .context, "outputs": .output, "run": .context,
        "environment": .env, "environ": .env, "secrets": .secret, "err": .error, "res": .response,
        "it": .item, "loop": .item, "this": .item,
    ]
    /// The parts of a request as other tools call them, behind `request.`.
    private static let requestParts: [String: Source] = [
        "body": .body, "json": .body, "data": .body, "form": .body, "headers": .header,
        "header": .header, "query": .query, "params": .query, "args": .query, "method": .method,
        "path": .path, "url": .path,
    ]

    /// The source that a part of a request is, as other tools call it; nil where it is none, or is not there.
    static func requestPart(_ name: String, _ sources: SourceSet) -> Source? {
        requestParts[name.lowercased()].flatMap { sources.contains($0) ? $0 : nil }
    }

    /// The error for a source as another tool calls it; nil for a word that none uses.
    private func foreign(_ word: String, _ range: Range<Int>) -> SyntaxError? {
        let lower = word.lowercased()
        if ["request", "req"].contains(lower), byte(at: range.upperBound) == UInt8(ascii: ".") {
            var end = range.upperBound + 1
            while let byte = byte(at: end), Characters.isName(byte) { end += 1 }
            let part = map.text(range.upperBound + 1..<end)
            if let source = Self.requestParts[part.lowercased()], isAvailable(source) {
                return error(
                    "there is no source `\(word)`; the parts of a request are sources themselves",
                    range.lowerBound..<end,
                    suggestion: source.name
                )
            }
        }
        guard let source = Self.foreignSources[lower], isAvailable(source) else { return nil }
        return error(
            "there is no source `\(word)`; here are \(Self.list(available.map(\.name)))",
            range,
            suggestion: source.name
        )
    }

    /// The error for a source that is not there at this place.
    func misplaced(_ source: Source, _ range: Range<Int>) -> SyntaxError {
        var message =
            "the source `\(source.name)` is not available here; here are"
            + " \(Self.list(available.map(\.name)))"
        if let hint = elsewhere(source) { message += "; \(hint)" }
        return error(message, range)
    }

    /// Where what a source stands for is found at this place; nil where that cannot be told.
    private func elsewhere(_ source: Source) -> String? {
        let isStep = context.sources.contains(.jobs)
        let isComponent = context.sources.contains(.response)
        switch source {
        case .body, .query, .header, .path, .method, .client:
            if isStep || isComponent {
                return
                    "only a listener's endpoints see the request; a trigger hands it to the run in"
                    + " its `input`"
            }
            return nil
        case .response, .result, .http:
            return isStep
                ? "what a job's component yields is `output`, in the job's own `output`" : nil
        case .jobs: return isComponent ? "a job hands it to its component in its `input`" : nil
        case .output: return isComponent ? "what was answered is `response`" : nil
        case .error: return isStep ? "it is there in `on_error`" : nil
        case .item, .index: return isStep ? "they are there inside `do` and `*`" : nil
        default: return nil
        }
    }

    /// The sources of this place.
    var available: [Source] {
        Source.allCases.filter { source in
            context.sources.contains(source)
                || (bindsItem && (source == .item || source == .index))
        }
    }

    /// Whether a source may be named at this place.
    func isAvailable(_ source: Source) -> Bool {
        context.sources.contains(source)
            || (bindsItem && (source == .item || source == .index))
    }

    private static func list(_ names: [String]) -> String {
        names.map { "`\($0)`" }.joined(separator: ", ")
    }

    /// How other languages write literals.
    private static let foreignLiterals = [
        "None": "null", "nil": "null", "NULL": "null", "Null": "null", "undefined": "null",
        "True": "true", "TRUE": "true", "False": "false", "FALSE": "false",
    ]

    /// Whether a word looks like a variable of a shell: capital letters, digits and `_`.
    private static func isShellName(_ word: String) -> Bool {
        word.utf8.count > 1
            && word.utf8.allSatisfy {
                (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) || Characters.isDigit($0)
                    || $0 == UInt8(ascii: "_")
            }
    }

    /// What to say where the characters may be meant for a shell.
    var shellHint: String {
        var end = outerStart
        while let byte = byte(at: end), byte != UInt8(ascii: "}"), end - outerStart < 32 {
            end += 1
        }
        while let byte = byte(at: end), byte & 0xC0 == 0x80 { end += 1 }
        let isWhole = byte(at: end) == UInt8(ascii: "}")
        let text = map.text(outerStart..<end) + (isWhole ? "}" : "…")
        return "; for a variable of the shell write `\\\(text)`"
    }

    /// The error for `${{ body.id }}`.
    func doubleBraces(_ range: Range<Int>) -> SyntaxError {
        var start = offset
        while let byte = byte(at: start), "{ .".utf8.contains(byte) { start += 1 }
        var end = start
        while let byte = byte(at: end), byte != UInt8(ascii: "}") { end += 1 }
        var inner = map.text(start..<end)
        while inner.last == " " { inner.removeLast() }
        let word = inner.prefix { $0.utf8.allSatisfy(Characters.isName) }
        let isExpression = context.syntax.source(named: String(word)).map(isAvailable) ?? false
        return error(
            "an expression has one brace at each end and no maps in it; a map is written in YAML",
            range,
            suggestion: isExpression && inner.utf8.count <= 64 ? "${\(inner)}" : nil
        )
    }

    /// The error for `${.body.id}` and `${$.body.id}`, paths as other tools write them; nil for anything else.
    func rooted(_ range: Range<Int>) -> SyntaxError? {
        var start = offset
        if byte(at: start) == UInt8(ascii: "$") { start += 1 }
        guard byte(at: start) == UInt8(ascii: "."), let next = byte(at: start + 1),
            Characters.isWordStart(next)
        else { return nil }
        var end = start + 1
        while let byte = byte(at: end), Characters.isName(byte) { end += 1 }
        let word = map.text(start + 1..<end)
        let whole = map.text(start + 1..<chunk(at: offset).upperBound)
        var suggestion: String?
        if let source = context.syntax.source(named: word), isAvailable(source) {
            suggestion = whole
        } else if let root = [Source.body, .response, .input].first(where: { isAvailable($0) }) {
            suggestion = "\(root.name).\(whole)"
        }
        return error("a path begins with a source, not with a sign", range, suggestion: suggestion)
    }

    /// Says of a reference that reads well and will be null that something else may be meant.
    mutating func advise(_ reference: Reference) {
        guard reference.source == .response, context.sources.contains(.http),
            case .member(let name)? = reference.steps.first
        else { return }
        let meant: String
        switch name.text {
        case "headers", "header":
            guard case .member(let field)? = reference.steps.dropFirst().first else { return }
            meant =
                Reference(
                    .http,
                    steps: [
                        .member(JSONName("headers")), .member(JSONName(field.text.lowercased())),
                    ],
                    at: reference.position
                ).text
        case "status_code", "statusCode", "http_status", "httpStatus": meant = "http.status"
        default: return
        }
        assumed.append(
            (
                "`\(reference.text)` is a member of the answer's body; what HTTP says of the answer is"
                    + " `\(meant)`",
                reference.position
            )
        )
    }

    /// Says so where `response.status`, a member of the body, is compared with what looks like HTTP's.
    mutating func advise(compared left: Expression, _ right: Expression) {
        guard context.sources.contains(.http) else { return }
        for (side, other) in [(left, right), (right, left)] {
            guard case .reference(let reference) = side, reference.source == .response,
                reference.steps == [.member(JSONName("status"))],
                case .integer(let number)? = other.constant, (100...599).contains(number)
            else { continue }
            assumed.append(
                (
                    "`response.status` is a member of the answer's body; its HTTP status is"
                        + " `http.status`",
                    reference.position
                )
            )
        }
    }
}

/// The smallest difference of two words.
enum OneEdit {
    /// Whether one inserted, missing, changed or swapped character turns one word into the other.
    static func separates(_ left: String, _ right: String) -> Bool {
        let (left, right) = (Array(left.utf8), Array(right.utf8))
        if left == right || abs(left.count - right.count) > 1 { return false }
        let prefixCount = zip(left, right).prefix { $0 == $1 }.count
        let (restLeft, restRight) = (left.dropFirst(prefixCount), right.dropFirst(prefixCount))
        if restLeft.dropFirst() == restRight.dropFirst() { return true }
        if restLeft.dropFirst() == restRight || restLeft == restRight.dropFirst() { return true }
        return restLeft.count >= 2 && restLeft.count == restRight.count
            && restLeft.first == restRight.dropFirst().first
            && restLeft.dropFirst().first == restRight.first
            && restLeft.dropFirst(2) == restRight.dropFirst(2)
    }
}

/// A variable of the environment, or a secret, that an expression needs and that is not there.
struct UnsetName {
    /// Its name.
    var name: String
    /// Whether it is a secret.
    var isSecret: Bool
    /// Where the `${` stands that needs it.
    var position: SourcePosition

    /// What is wrong, as a sentence.
    var message: String {
        isSecret
            ? "the secret `\(name)` has no value: `secrets:` does not name it, or it cannot be read"
            : "the environment variable `\(name)` is not set and has no default"
    }
}
