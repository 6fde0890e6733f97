internal import JSONWire
internal import Primitives
internal import Security

/// Checks messages of AWS SNS: fields of the JSON, signed with a certificate that the message names.
///
/// Formula: awsdocs/amazon-sns-developer-guide, `doc_source/sns-verify-signature-of-message.md`. The URL of the certificate
/// must be one of SNS itself: it is the only thing that says whose the key is.
struct SNSCheck: Sendable {
    /// The topics whose messages are taken; empty for any, which is any of AWS's customers.
    let topics: [String]
    /// The versions of the signature that are taken: 1 (SHA-1), 2 (SHA-256).
    let versions: [String]
    /// The certificates to which that of the message must chain; empty where its URL is enough.
    let roots: [Certificate]

    /// Checks a request.
    ///
    /// - Returns: The message's id.
    /// - Throws: ``CheckStop``.
    func check(_ context: inout CheckContext, _ body: BodySource) throws(CheckStop) -> String? {
        do {
            let message = try context.json(body)
            let version = try field("SignatureVersion", message)
            guard versions.contains(version) else {
                throw VerificationRefusal(
                    .algorithmRefused,
                    "The message is signed by a version that the configuration does not name."
                )
            }
            let topic = try field("TopicArn", message)
            guard topics.isEmpty || topics.contains(topic) else {
                throw VerificationRefusal(.claimWrong, "The message is of another topic.")
            }
            let url = try field("SigningCertURL", message)
            guard Self.isCertificateURL(url) else {
                throw VerificationRefusal(
                    .certificateRefused,
                    "The certificate of the message is not at an address of SNS."
                )
            }
            guard let chain = context.ring.certificates(url), let first = chain.first else {
                throw CheckStop.needsKey(KeyNeed(url: url, kind: .certificate, reason: .absent))
            }
            try check(first, Array(chain.dropFirst()), context.now)
            guard
                let signature = Base64Text.bytes(
                    of: Array(try field("Signature", message).utf8).span
                ),
                first.publicKey.verify(
                    signature,
                    of: Array(try Self.signedText(message).utf8),
                    by: version == "1" ? .rsaSHA1 : .rsaSHA256
                )
            else { throw VerificationRefusal.signatureWrong(keys: 1) }
            return message["MessageId"]?.string
        } catch let stop as CheckStop {
            throw stop
        } catch let refusal as VerificationRefusal {
            throw .refused(refusal)
        } catch {
            throw .refused(.credentialsWrong)
        }
    }

    private func check(
        _ certificate: Certificate,
        _ others: [Certificate],
        _ now: Int64
    ) throws(VerificationRefusal) {
        let time = WallTime(milliseconds: now)
        guard certificate.isValid(at: time) else {
            throw VerificationRefusal(
                .certificateRefused,
                "The certificate of the message has expired, or is not valid yet."
            )
        }
        guard roots.isEmpty || certificate.chains(to: roots, through: others, at: time) else {
            throw VerificationRefusal(
                .certificateRefused,
                "The certificate of the message does not chain to one that is trusted."
            )
        }
    }

    private func field(_ name: String, _ message: JSONValue) throws(VerificationRefusal) -> String {
        guard let text = message[name]?.string else {
            throw .bodyUnreadable("a message of SNS: \(name) is missing")
        }
        return text
    }

    /// What is signed: names and values of the fields that the type has, each with a line end.
    static func signedText(_ message: JSONValue) throws(VerificationRefusal) -> String {
        let names: [String]
        switch message["Type"]?.string {
        case "Notification"?:
            names = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"]
        case "SubscriptionConfirmation"?, "UnsubscribeConfirmation"?:
            names = [
                "Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type",
            ]
        default: throw .bodyUnreadable("a message of SNS of a known type")
        }
        var text = ""
        for name in names {
            guard let value = message[name]?.string else {
                if name == "Subject" { continue }
                throw .bodyUnreadable("a message of SNS: \(name) is missing")
            }
            text += "\(name)\n\(value)\n"
        }
        return text
    }

    /// Whether a URL is that of a certificate of SNS: its host, no port, no user, and the usual path.
    static func isCertificateURL(_ url: String) -> Bool {
        guard let path = pathOfSNS(url), path.hasPrefix("/SimpleNotificationService-"),
            path.hasSuffix(".pem")
        else { return false }
        let name = path.dropFirst("/SimpleNotificationService-".count).dropLast(".pem".count)
        return !name.isEmpty && name.count <= 64
            && name.utf8.allSatisfy { (48...57).contains($0) || ($0 | 0x20) &- 97 < 26 }
    }

    /// Whether a URL is one at which SNS takes the confirmation of a subscription.
    static func isServiceURL(_ url: String) -> Bool {
        pathOfSNS(url).map { $0.hasPrefix("/?Action=ConfirmSubscription&") } ?? false
    }

    /// What stands behind `https://sns.REGION.amazonaws.com` or `….com.cn`; nil for any other host.
    private static func pathOfSNS(_ url: String) -> Substring? {
        let start = "https://sns."
        guard url.utf8.count <= 2048, url.hasPrefix(start),
            url.utf8.allSatisfy({ $0 > 32 && $0 < 127 })
        else { return nil }
        let rest = url.dropFirst(start.count)
        let region = rest.prefix { $0 != "." }
        guard (3...32).contains(region.count),
            region.utf8.allSatisfy({
                (48...57).contains($0) || (97...122).contains($0) || $0 == UInt8(ascii: "-")
            })
        else { return nil }
        let tail = rest[region.endIndex...]
        for host in [".amazonaws.com.cn/", ".amazonaws.com/"] where tail.hasPrefix(host) {
            return tail.dropFirst(host.count - 1)
        }
        return nil
    }
}
