internal import Documents
internal import Expressions
internal import JSONWire

/// Compiles arbitrary text as an expression and, where it compiles, evaluates it over values of every kind.
@c(LLVMFuzzerTestOneInput)
public func fuzzExpressions(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
    let position = SourcePosition(file: "fuzz.yml", line: 1, column: 1)
    let node = Node(.text(String(decoding: input, as: UTF8.self)), at: position)
    let diagnostics = Diagnostics()
    let context = CompileContext(sources: .job, environment: ["NAME": "value"])
    guard let template = Template.compile(node, context: context, diagnostics: diagnostics) else {
        precondition(!diagnostics.all.isEmpty, "refused without a word")
        return 0
    }
    for value in Everything.values {
        do throws(EvaluationError) {
            _ = try template.evaluate(Everything(value: value))
        } catch {
            precondition(!error.message.isEmpty, "failed without a word")
        }
    }
    return 0
}

/// A scope in which every name has the same value, followed along the reference's path.
struct Everything: Scope {
    let value: JSONValue

    /// One value of each kind, with the borders of their ranges.
    static let values: [JSONValue] = [
        .null, .bool(true), .integer(.max), .integer(.min), .integer(0), .string(""),
        .string("42"), .array([.integer(1), .string("b")]), .object(["a": .array([])]),
    ]

    func resolve(_ reference: Reference) throws(EvaluationError) -> JSONValue {
        value.select(reference.steps[...])
    }
}
