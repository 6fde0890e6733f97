package import Primitives

/// A key of Standard Webhooks v1: signs what is sent, and tells whether what came was signed (HMAC-SHA256).
///
/// Verify over the bytes as they came, before anything else is done with them. May be used on any thread.
package struct WebhookKey: Sendable {
    private let key: [UInt8]

    /// The fewest bytes of a key that is taken.
    package static let byteCountMin = 16

    /// How far a timestamp may be from the present, in either direction.
    package static let tolerance = Nanoseconds.seconds(300)

    private static let prefix = "whsec_"
    private static let version = "v1"
    private static let candidatesMax = 64

    /// Reads a secret as it is handed out: Base64, with or without `whsec_` before it.
    ///
    /// - Throws: ``WebhookRefusal/secretInvalid`` where it is no Base64 or of fewer than ``byteCountMin`` bytes.
    package init(secret: String) throws(WebhookRefusal) {
        let text = secret.hasPrefix(Self.prefix) ? secret.dropFirst(Self.prefix.count) : secret[...]
        guard let bytes = Base64.bytes(of: String(text)), bytes.count >= Self.byteCountMin else {
            throw .secretInvalid
        }
        key = bytes
    }

    /// The value of `webhook-signature` for a message.
    ///
    /// - Parameters:
    ///   - id: The message's id (`webhook-id`), the same in every attempt.
    ///   - seconds: When it is sent (`webhook-timestamp`), in seconds since 1970.
    ///   - body: The bytes that are sent.
    /// - Returns: `v1,` and the code in Base64.
    package func signature(id: String, seconds: Int64, body: Span<UInt8>) -> String {
        "\(Self.version),\(Base64.text(of: code(id, String(seconds), body)))"
    }

    /// The value of `webhook-signature` for a message.
    package func signature(id: String, seconds: Int64, body: [UInt8]) -> String {
        signature(id: id, seconds: seconds, body: body.span)
    }

    /// Checks what came.
    ///
    /// - Parameters:
    ///   - id: The value of `webhook-id`.
    ///   - timestamp: The value of `webhook-timestamp`.
    ///   - signatures: The value of `webhook-signature`: candidates with a space between; one that fits is enough, and
    ///     those of other versions are passed over.
    ///   - body: The body as it came.
    ///   - now: The present.
    /// - Throws: ``WebhookRefusal`` for the first thing that is wrong.
    package func verify(
        id: String?,
        timestamp: String?,
        signatures: String?,
        body: Span<UInt8>,
        now: WallTime = .now()
    ) throws(WebhookRefusal) {
        guard let id, !id.isEmpty, let timestamp, let signatures else { throw .headerMissing }
        guard let seconds = Int64(timestamp), String(seconds) == timestamp else {
            throw .timestampInvalid
        }
        let (sent, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        let (age, isFar) = now.milliseconds.subtractingReportingOverflow(sent)
        guard !overflow, !isFar else { throw .timestampInvalid }
        let bound = Self.tolerance.millisecondsRoundedUp
        guard age <= bound else { throw .tooOld }
        guard age >= -bound else { throw .tooNew }
        let expected = code(id, timestamp, body)
        for candidate in signatures.split(separator: " ").prefix(Self.candidatesMax) {
            let parts = candidate.split(separator: ",", maxSplits: 1)
            guard parts.count == 2, parts[0] == Self.version,
                let given = Base64.bytes(of: String(parts[1]))
            else { continue }
            if SecretBytes.areEqual(given, expected) { return }
        }
        throw .noSignatureFits
    }

    private func code(_ id: String, _ timestamp: String, _ body: Span<UInt8>) -> [UInt8] {
        var message = Array("\(id).\(timestamp).".utf8)
        message.reserveCapacity(message.count + body.count)
        for index in body.indices { message.append(body[index]) }
        return MessageCode.of(message, key: key, by: .sha256)
    }
}
