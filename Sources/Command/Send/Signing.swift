internal import Platform
internal import Verification

/// The options that have a request signed.
enum Signing {
    static let options: [Arguments.Option] = [
        .init(
            names: ["--sign"],
            value: "PRESET",
            help: "sign the request as this sender does (sluice sign --help names them); "
                + "needs --secret"
        ),
        .init(
            names: ["--secret"],
            value: "SECRET",
            help:
                "the secret; @FILE reads a file; SLUICE_SECRET is safer: other users see command lines"
        ),
    ]

    /// The headers that sign a request; none where nothing is asked for.
    static func headers(
        _ arguments: Arguments,
        method: String,
        url: String,
        headers: [(name: String, value: String)],
        body: [UInt8]
    ) throws(Arguments.Mistake) -> [(name: String, value: String)] {
        guard let preset = arguments.last("--sign") else {
            guard !arguments.has("--secret") else {
                throw Arguments.Mistake(
                    message: "--secret wants to know how to sign: --sign PRESET"
                )
            }
            return []
        }
        let secret = arguments.last("--secret") ?? ProcessState.environment()["SLUICE_SECRET"]
        guard secret?.isEmpty == false else {
            throw Arguments.Mistake(
                message: "--sign needs a secret: --secret, or the variable SLUICE_SECRET"
            )
        }
        guard let scheme = url.firstRange(of: "://") else { return [] }
        let rest = url[scheme.upperBound...]
        let authority = String(rest.prefix { $0 != "/" && $0 != "?" })
        let target = String(rest.dropFirst(authority.count))
        var request = SenderRequest(
            method: method,
            target: target.hasPrefix("/") ? target : "/\(target)",
            scheme: String(url[..<scheme.lowerBound]),
            authority: authority
        )
        for header in headers { request.add(header.name, header.value) }
        return try SignCommand.headers(arguments, preset: preset, request: request, body: body)
    }
}
