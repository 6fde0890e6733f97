internal import JSONWire
internal import Platform
internal import Primitives
internal import Security
internal import Verification

/// `sluice verify`: says whether a request is signed as it should be, and which part does not fit.
enum VerifyCommand {
    static let command = Program.Command(
        name: "verify",
        usage: "--preset PRESET --secret SECRET --body FILE -H 'NAME: VALUE'…",
        summary: "Say whether a request is signed as its sender does, and what does not fit",
        options: options,
        notes: """
            Presets: \(PresetTable.names.joined(separator: ", ")).

              sluice verify --preset stripe --secret whsec_… --body event.json -H 'Stripe-Signature: t=…,v1=…'
              sluice verify --preset discord --set public_key=… --body ping.json -H …

            The body must be the bytes that came: one that an editor or a JSON tool wrote anew is another one.
            With --now the request is judged as at that time. Nothing is fetched: --keys has what would be.
            Exit code 0: it is verified.
            """,
        run: run
    )

    private static let options: [Arguments.Option] =
        SenderArguments.options + [
            .init(
                names: ["--client"],
                value: "ADDRESS",
                help: "the address that the request came from"
            ),
            .init(
                names: ["--keys"],
                value: "FILE",
                help: "the JWK Set or the certificate that the server would fetch"
            ),
        ] + SenderArguments.requestOptions

    @Sendable private static func run(_ arguments: Arguments) -> Int32 {
        guard arguments.operands.isEmpty else {
            return Program.mistaken("this takes options only; the body stands behind --body")
        }
        do throws(Arguments.Mistake) {
            let verifier = try SenderArguments.verifier(arguments)
            let request = try request(arguments)
            let body = try DataArgument.body(arguments) ?? []
            let now = try SenderArguments.now(arguments)
            var ring = KeyRing()
            if case .needsKey(let need) = verifier.check(
                request,
                body: body.span,
                ring: ring,
                now: now
            ), arguments.has("--keys") {
                try put(arguments, need, into: &ring)
            }
            let explanation = verifier.explain(request, body: body, ring: ring, now: now)
            tell(explanation, asJSON: arguments.has("--json"))
            if case .verified = explanation.outcome { return 0 }
            return 1
        } catch {
            return Program.mistaken(error.message)
        }
    }

    private static func request(_ arguments: Arguments) throws(Arguments.Mistake) -> SenderRequest {
        let request = try SenderArguments.request(arguments)
        guard let text = arguments.last("--client") else { return request }
        guard let client = IPAddress(text) else {
            throw Arguments.Mistake(message: "--client wants an address, not `\(text)`")
        }
        return request.from(client)
    }

    private static func put(
        _ arguments: Arguments,
        _ need: KeyNeed,
        into ring: inout KeyRing
    ) throws(Arguments.Mistake) {
        let bytes = try DataArgument.file(arguments.last("--keys") ?? "")
        switch need.kind {
        case .keySet:
            guard let set = KeySet(bytes) else {
                throw Arguments.Mistake(message: "--keys has no key that can be used")
            }
            ring.put(set, for: need.url)
        case .certificate:
            do throws(KeyError) {
                ring.put(try Certificate.all(pem: bytes), for: need.url)
            } catch {
                throw Arguments.Mistake(message: "the certificate of --keys \(error.message)")
            }
        }
    }

    private static func tell(_ explanation: VerificationExplanation, asJSON: Bool) {
        let (word, message) = summary(explanation.outcome)
        if asJSON {
            let steps = explanation.steps.map { step in
                JSONValue.object([
                    "fits": .bool(step.isGood), "message": .string(step.message),
                ])
            }
            let report: JSONObject = [
                "status": .string(word), "message": .string(message), "steps": .array(steps),
                "hints": .array(explanation.hints.map(JSONValue.string)),
            ]
            return Console.writeData(JSONValue.object(report).prettyJSONText)
        }
        for step in explanation.steps {
            Console.writeLine("\(step.isGood ? "fits" : "no  ")  \(step.message)")
        }
        for hint in explanation.hints { Console.writeLine("hint  \(hint)") }
        Console.writeLine("\(word): \(message)")
    }

    private static func summary(_ outcome: VerificationOutcome) -> (word: String, message: String) {
        switch outcome {
        case .verified(let sender):
            let key = sender.keyIndex.map { ", key \($0)" } ?? ""
            let id = sender.id.map { ", id \($0)" } ?? ""
            return ("verified", "\(sender.name)\(key)\(id)")
        case .refused(let refusal): return ("refused", refusal.message)
        case .needsKey(let need):
            return (
                "open", "The server would fetch a key from \(need.url); --keys FILE has it here."
            )
        }
    }
}
