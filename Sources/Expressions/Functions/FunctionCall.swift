internal import Documents
internal import JSONWire

/// One call of a function in an expression.
struct FunctionCall: Sendable {
    /// What is called.
    let function: Function
    /// As many as it takes.
    let arguments: [Expression]
    /// The pattern of `match`, where it is known at load.
    let pattern: Pattern?
    /// Where the function's name stands.
    let position: SourcePosition

    /// Makes a call.
    ///
    /// - Throws: Where an argument that is known already is not what the function takes, with the argument's place.
    init(
        _ function: Function,
        _ arguments: [Expression],
        at position: SourcePosition
    ) throws(ArgumentProblem) {
        self.function = function
        self.arguments = arguments
        self.position = position
        var pattern: Pattern?
        for (place, argument) in arguments.enumerated() {
            guard let value = argument.constant else { continue }
            do throws(FunctionFailure) {
                try function.check(value, place)
                if case .pattern = function.parameters[place].kind, let text = value.string {
                    pattern = try function.compiled(text)
                }
            } catch {
                throw ArgumentProblem(argument: place, message: error.message)
            }
        }
        self.pattern = pattern
    }

    /// Why an argument that is known at load cannot be.
    struct ArgumentProblem: Error {
        /// Its place, from 0.
        var argument: Int
        /// One sentence without full stop.
        var message: String
    }

    /// What it yields.
    func value(_ locals: Locals?, _ resolve: Resolve) throws(EvaluationError) -> JSONValue {
        var values: [JSONValue] = []
        values.reserveCapacity(arguments.count)
        for argument in arguments { values.append(try argument.value(locals, resolve)) }
        do throws(FunctionFailure) {
            var run = FunctionRun(function: function, pattern: pattern)
            return try run.value(values)
        } catch {
            throw EvaluationError(error.message, at: position)
        }
    }
}

/// Why a function has no value; it names kinds and bounds, never content.
struct FunctionFailure: Error {
    /// One sentence without full stop.
    var message: String
}

extension Function {
    /// Refuses an argument that is not what stands at its place.
    func check(_ value: JSONValue, _ place: Int) throws(FunctionFailure) {
        let parameter = parameters[place]
        switch (parameter.kind, value) {
        case (_, .null), (.texts, .string), (.text, .string), (.pattern, .string),
            (.list, .array), (.texts, .array), (.countable, .string), (.countable, .array),
            (.countable, .object):
            return
        case (.nonEmptyText, .string(let text)):
            if !text.isEmpty { return }
            throw FunctionFailure(
                message: "the `\(parameter.name)` of `\(signature)` is empty text"
            )
        case (.list, _):
            throw mismatch(parameter.name, "a list", value)
        case (.countable, _):
            throw mismatch(parameter.name, "a text, a list or a map", value)
        case (.texts, .object), (.text, .object), (.text, .array), (.nonEmptyText, .object),
            (.nonEmptyText, .array), (.pattern, .object), (.pattern, .array):
            throw mismatch(parameter.name, "a text", value)
        default:
            var failure = mismatch(parameter.name, "a text", value)
            failure.message += "; cast it `as text`"
            throw failure
        }
    }

    private func mismatch(
        _ name: String,
        _ wanted: String,
        _ value: JSONValue
    ) -> FunctionFailure {
        FunctionFailure(
            message: "the `\(name)` of `\(signature)` is \(wanted), not \(value.kindWithArticle)"
        )
    }

    /// The pattern of a call of `match`, which looks for it anywhere in the text.
    func compiled(_ text: String) throws(FunctionFailure) -> Pattern {
        do throws(Pattern.Failure) {
            return try Pattern(text, isSearch: true)
        } catch {
            throw FunctionFailure(message: "`\(rawValue)`: \(error.message)")
        }
    }
}
