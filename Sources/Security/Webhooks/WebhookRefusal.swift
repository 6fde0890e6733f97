/// Why a message is no Standard Webhook of ours; it never tells what would have been right.
package enum WebhookRefusal: Error, Sendable, Hashable, CaseIterable {
    /// The secret is no Base64, or too short.
    case secretInvalid
    /// One of the three header fields is missing.
    case headerMissing
    /// The timestamp is no whole number of seconds.
    case timestampInvalid
    /// It was signed too long ago, or is sent again.
    case tooOld
    /// It was signed in the future: one of the clocks is wrong.
    case tooNew
    /// None of the signatures is that of the message.
    case noSignatureFits

    /// The refusal as a sentence for the log.
    package var message: String {
        switch self {
        case .secretInvalid:
            "the secret must be Base64 of at least \(WebhookKey.byteCountMin) bytes, as in whsec_…"
        case .headerMissing: "webhook-id, webhook-timestamp or webhook-signature is missing"
        case .timestampInvalid: "webhook-timestamp is not a number of seconds"
        case .tooOld: "the message is too old"
        case .tooNew: "the message is from the future"
        case .noSignatureFits: "no signature fits the message"
        }
    }
}
