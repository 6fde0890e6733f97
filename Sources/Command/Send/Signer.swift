internal import Primitives
internal import Security

/// Signs a request as a service would: the headers that its receiver checks.
enum Signer: String, CaseIterable {
    /// `X-Hub-Signature-256`, HMAC-SHA256 of the body.
    case github
    /// `Stripe-Signature`, HMAC-SHA256 of time and body.
    case stripe
    /// `X-Slack-Signature`, HMAC-SHA256 of version, time and body.
    case slack
    /// Standard Webhooks: `webhook-id`, `webhook-timestamp`, `webhook-signature`.
    case standard

    /// The headers for a body that is sent now.
    ///
    /// - Parameters:
    ///   - body: The bytes that are sent.
    ///   - secret: The secret as it is handed out; for `standard` Base64, with or without `whsec_` before it.
    ///   - id: The message's id (`standard`).
    ///   - time: When it is sent.
    /// - Returns: Names and values.
    /// - Throws: ``Arguments/Mistake`` for a secret that is none.
    func headers(
        body: [UInt8],
        secret: String,
        id: String,
        time: WallTime
    ) throws(Arguments.Mistake) -> [(name: String, value: String)] {
        let seconds = time.milliseconds / 1000
        switch self {
        case .github:
            return [("X-Hub-Signature-256", "sha256=\(Self.code(body, secret))")]
        case .stripe:
            let signed = Array("\(seconds).".utf8) + body
            return [("Stripe-Signature", "t=\(seconds),v1=\(Self.code(signed, secret))")]
        case .slack:
            let signed = Array("v0:\(seconds):".utf8) + body
            return [
                ("X-Slack-Request-Timestamp", "\(seconds)"),
                ("X-Slack-Signature", "v0=\(Self.code(signed, secret))"),
            ]
        case .standard:
            do throws(WebhookRefusal) {
                let key = try WebhookKey(secret: secret)
                return [
                    ("webhook-id", id), ("webhook-timestamp", "\(seconds)"),
                    ("webhook-signature", key.signature(id: id, seconds: seconds, body: body)),
                ]
            } catch {
                throw Arguments.Mistake(
                    message: "the secret of --sign standard is Base64 of at least "
                        + "\(WebhookKey.byteCountMin) bytes, with or without whsec_ before it"
                )
            }
        }
    }

    private static func code(_ message: [UInt8], _ secret: String) -> String {
        Hex.text(of: MessageCode.of(message, key: Array(secret.utf8), by: .sha256))
    }
}
