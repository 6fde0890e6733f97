internal import JSONWire
internal import Platform
internal import Primitives
internal import Security
internal import Verification

/// `sluice sign`: the headers with which a sender signs.
enum SignCommand {
    static let command = Program.Command(
        name: "sign",
        usage: "--preset PRESET --secret SECRET [--body FILE] [--url URL] [-H 'NAME: VALUE']…",
        summary: "Print the headers with which a sender signs a request",
        options: options,
        notes: """
            Presets: \(PresetTable.names.joined(separator: ", ")).

              SLUICE_SECRET=… sluice sign --preset github --body push.json
              sluice sign --preset discord --private-key key.pem --body ping.json
              sluice sign --preset jwt --set algorithms=[HS256] --set audience=me --secret …

            A body signed here has to be sent as it is: one that was formatted anew is another one.
            """,
        run: run
    )

    private static let options: [Arguments.Option] =
        SenderArguments.options + [
            .init(
                names: ["--private-key"],
                value: "FILE",
                help: "the private key in PEM, for senders that sign with one"
            ),
            .init(names: ["--id"], value: "ID", help: "the message's id; a new one by default"),
        ] + SenderArguments.requestOptions

    @Sendable private static func run(_ arguments: Arguments) -> Int32 {
        guard arguments.operands.isEmpty else {
            return Program.mistaken("this takes options only; the body stands behind --body")
        }
        do throws(Arguments.Mistake) {
            let headers = try headers(
                arguments,
                request: SenderArguments.request(arguments),
                body: DataArgument.body(arguments) ?? []
            )
            if arguments.has("--json") {
                var object = JSONObject()
                for header in headers { object[header.name] = .string(header.value) }
                Console.writeData(JSONValue.object(object).prettyJSONText)
            } else {
                for header in headers { Console.writeLine("\(header.name): \(header.value)") }
            }
            return 0
        } catch {
            return Program.mistaken(error.message)
        }
    }

    /// The headers that sign a request.
    static func headers(
        _ arguments: Arguments,
        preset: String? = nil,
        request: SenderRequest,
        body: [UInt8]
    ) throws(Arguments.Mistake) -> [(name: String, value: String)] {
        let key = try privateKey(arguments)
        let verifier = try SenderArguments.verifier(
            arguments,
            preset: preset,
            publicKey: key?.publicKey
        )
        do throws(SigningMistake) {
            return try verifier.sign(
                request,
                body: body,
                id: arguments.last("--id") ?? "msg_\(UUIDv7.fresh().text)",
                now: try now(arguments),
                privateKey: key
            )
        } catch {
            throw Arguments.Mistake(message: error.message)
        }
    }

    private static func now(_ arguments: Arguments) throws(SigningMistake) -> WallTime {
        do throws(Arguments.Mistake) {
            return try SenderArguments.now(arguments)
        } catch {
            throw SigningMistake(error.message)
        }
    }

    private static func privateKey(
        _ arguments: Arguments
    ) throws(Arguments.Mistake) -> PrivateKey? {
        guard let file = arguments.last("--private-key") else { return nil }
        let bytes = try DataArgument.file(file)
        do throws(KeyError) {
            return try PrivateKey(pem: bytes)
        } catch {
            throw Arguments.Mistake(message: "the private key \(error.message)")
        }
    }
}
