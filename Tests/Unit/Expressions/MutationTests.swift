import Documents
import Expressions
import JSONWire
import Primitives
import Testing

/// Nothing that is written into a configuration, and no value that meets it, stops the program.
@Suite struct MutationTests {
    static let seeds = TemplateTests.paths + TemplateTests.literals + TemplateTests.text
    static let expressions =
        OperatorTests.arithmetic + OperatorTests.comparisons + OperatorTests.logic
        + OperatorTests.alternatives + CastTests.rows

    static let fragments = [
        "${", "}", "|", " | ", "(", ")", "[", "]", "\"", "'", "\\", "\\u12", "as ", " as integer",
        " as object[]/a,b", " as text;x", "@(a b)", "-", " - ", "*", " in ", "not ", " and ",
        "input",
        ".list", "[*]", "[-1]", "[1:", "[9223372036854775807]", "[-9223372036854775808]", "item",
        "9223372036854775807", "-9223372036854775808", "1e999", "0.0", "é", "\u{1F600}",
        "{{ .input }}",
        "{{", "}}", "env.PORT", "env.NOPE", "gateway:8090.port", "gateway:", "null", "true", " ",
        "\u{0}",
        " == ", " / ", " % 0", "\u{301}",
    ]

    @Test func `mutated strings never stop the compiler or the evaluator`() {
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(5)
        let seeds = Self.seeds.map(\.written) + Self.expressions.map { "${\($0.written)}" }
        var compiledCount = 0
        var roundsCount = 0
        // On a busy machine the rest is left out; a round depends on its number alone.
        while roundsCount < 50_000, clock.now < deadline {
            let round = roundsCount
            roundsCount += 1
            var generator = SplitMix64(seed: UInt64(round))
            var text = Array((seeds.randomElement(using: &generator) ?? "").unicodeScalars)
            for _ in 0...Int.random(in: 0...3, using: &generator) {
                Self.mutate(&text, &generator)
            }
            var written = String.UnicodeScalarView()
            written.append(contentsOf: text)
            compiledCount += Self.run(String(written), round) ? 1 : 0
        }
        // Mutations that all fail would prove nothing about the evaluator.
        #expect(compiledCount > roundsCount / 5)
    }

    private static func mutate(_ text: inout [Unicode.Scalar], _ generator: inout SplitMix64) {
        let at = Int.random(in: 0...text.count, using: &generator)
        let fragment = fragments.randomElement(using: &generator) ?? ""
        switch Int.random(in: 0...3, using: &generator) {
        case 0: text.insert(contentsOf: fragment.unicodeScalars, at: at)
        case 1 where at < text.count: text.remove(at: at)
        case 2 where at < text.count:
            let end = Int.random(in: at...text.count, using: &generator)
            text.replaceSubrange(at..<end, with: fragment.unicodeScalars)
        default:
            let end = Int.random(in: at...text.count, using: &generator)
            text.insert(contentsOf: text[at..<end].prefix(40), at: at)
        }
    }

    /// Compiles a string, and evaluates it if it compiles; whether it did.
    private static func run(_ text: String, _ round: Int) -> Bool {
        var fixture = ExpressionFixture()
        fixture.context.syntax.acceptsGoTemplates = round % 2 == 0
        fixture.context.unsetEnvironmentIsNote = round % 3 == 0
        guard let template = fixture.compile(text) else {
            if !fixture.diagnostics.hasErrors { Issue.record("\(text) is refused without a word") }
            return false
        }
        if fixture.diagnostics.hasErrors { Issue.record("\(text) is taken with an error") }
        do {
            _ = try template.evaluate(RandomScope(round: UInt64(round))).jsonText
        } catch {
            if error.message.isEmpty { Issue.record("\(text) fails without a word") }
        }
        return true
    }

    /// A random value, at most four levels deep.
    fileprivate static func value(_ generator: inout SplitMix64, depth: Int) -> JSONValue {
        switch Int.random(in: 0...(depth < 4 ? 9 : 6), using: &generator) {
        case 0: .null
        case 1: .bool(Bool.random(using: &generator))
        case 2: .integer([0, 1, -1, .max, .min, 7].randomElement(using: &generator) ?? 0)
        case 3:
            .number(
                JSONNumber(
                    validated: [
                        "1.5", "-0", "1e999", "77.0", "1e-999", "99999999999999999999",
                        "1e99999999999999999999",
                    ].randomElement(using: &generator) ?? "0.5"
                )
            )
        case 4...6:
            .string(
                ["", "hello", "42", "true", "[1,2]", "{\"a\":1}", "é"].randomElement(
                    using: &generator
                ) ?? ""
            )
        case 7:
            .array(
                (0..<Int.random(in: 0...3, using: &generator)).map { _ in
                    value(&generator, depth: depth + 1)
                }
            )
        default:
            .object([
                "list": value(&generator, depth: depth + 1),
                "text": value(&generator, depth: depth + 1),
                "n": value(&generator, depth: depth + 1),
                "map": value(&generator, depth: depth + 1),
            ])
        }
    }
}

/// A scope whose values depend on the round and the source alone; every third round has the sample's.
private struct RandomScope: Scope {
    var round: UInt64

    func resolve(_ reference: Reference) throws(EvaluationError) -> JSONValue {
        if round % 3 == 0 { return try TestScope.sample.resolve(reference) }
        var generator = SplitMix64(seed: round << 8 | UInt64(reference.source.rawValue))
        return MutationTests.value(&generator, depth: 0).select(reference.steps)
    }
}
