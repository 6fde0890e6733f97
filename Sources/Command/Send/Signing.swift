internal import Platform
internal import Primitives

/// The options that have a request signed.
enum Signing {
    static let options: [Arguments.Option] = [
        .init(
            names: ["--sign"],
            value: Signer.allCases.map(\.rawValue).joined(separator: "|"),
            help: "sign the request as this sender does; needs --secret"
        ),
        .init(
            names: ["--secret"],
            value: "SECRET",
            help:
                "the secret; @FILE reads a file; SLUICE_SECRET is safer: other users see command lines"
        ),
    ]

    /// The headers that sign a body; none where nothing is asked for.
    static func headers(
        _ arguments: Arguments,
        body: [UInt8]
    ) throws(Arguments.Mistake) -> [(name: String, value: String)] {
        guard let word = arguments.last("--sign") else {
            guard !arguments.has("--secret") else {
                throw Arguments.Mistake(
                    message: "--secret wants to know how to sign: \(options[0].names[0]) "
                        + (options[0].value ?? "")
                )
            }
            return []
        }
        guard let signer = Signer(rawValue: word) else {
            throw Arguments.Mistake(
                message: "--sign takes \(options[0].value ?? ""), not `\(word)`"
            )
        }
        let id = UUIDv7.fresh().text
        return try signer.headers(
            body: body,
            secret: secret(arguments),
            id: "msg_\(id)",
            time: .now()
        )
    }

    private static func secret(_ arguments: Arguments) throws(Arguments.Mistake) -> String {
        var secret = ProcessState.environment()["SLUICE_SECRET"]
        if let given = arguments.last("--secret") {
            secret = given
            if given.hasPrefix("@") {
                var bytes = try DataArgument.file(String(given.dropFirst()))
                if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
                secret = String(decoding: bytes, as: UTF8.self)
            }
        }
        guard let secret, !secret.isEmpty else {
            throw Arguments.Mistake(
                message: "--sign needs a secret: --secret, or the variable SLUICE_SECRET"
            )
        }
        return secret
    }
}
