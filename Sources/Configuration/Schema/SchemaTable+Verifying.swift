/// Who sent a request.
extension SchemaTable {
    /// Verifiers, and what stands in them.
    static let verifying: [SchemaMap] = [
        SchemaMap(
            "verifier",
            [
                .init(
                    "preset",
                    .text,
                    "A known sender: github, stripe, slack … (docs/senders.md)."
                ),
                .init(
                    "type",
                    .words([
                        "signature", "token", "basic", "ip", "jwt", "twilio", "sns",
                        "http-signature",
                    ]),
                    "What is checked; a signature by default."
                ),
                .init(
                    "all",
                    .list(.either([.text, .named("verifier")])),
                    "All of these must fit."
                ),
                .init(
                    "any",
                    .list(.either([.text, .named("verifier")])),
                    "One of these must fit."
                ),
                .init("secret", .text, "The secret that the sender signs with."),
                .init(
                    "secrets",
                    .list(.either([.text, .named("dated_secret")])),
                    "Several secrets, while they change."
                ),
                .init(
                    "public_key",
                    .some(.either([.text, .named("dated_key")])),
                    "The sender's public key: PEM, DER, raw, JWK."
                ),
                .init("url", .text, "The URL that the sender calls."),
                .init("body", .words(["json", "form", "text", "raw"]), "What a body is."),
                .init("form_field", .text, "The form field that holds the JSON."),
                .init("methods", .some(.text), "The methods that the route takes."),
                .init("handshake", .some(.either([.text, .named("handshake")])), "Handshakes."),
                .init("verify_token", .text, "The token that a handshake must bring."),
            ],
            includes: ["scheme_keys", "token_keys"]
        ),
        SchemaMap(
            "scheme_keys",
            [
                .init("header", .text, "The header of the signature."),
                .init("query", .text, "The query parameter of a shared secret or token."),
                .init("signature", .text, "Where the signature stands otherwise."),
                .init(
                    "parse",
                    .words(["plain", "prefix", "pairs", "versions"]),
                    "How it is read."
                ),
                .init("prefix", .text, "What stands before the signature."),
                .init("separator", .text, "What stands between pairs or signatures."),
                .init("key", .text, "The pair that is the signature."),
                .init("version", .text, "The version of the signatures that are checked."),
                .init("sign", .text, "What is signed, such as {timestamp}.{body}."),
                .init("algorithm", .text, "By which algorithm; hmac-sha256 by default."),
                .init("encoding", .words(["hex", "base64", "base64url"]), "How it is written."),
                .init(
                    "secret_encoding",
                    .words(["raw", "base64", "hex"]),
                    "How secrets are written."
                ),
                .init("secret_prefix", .text, "What may stand before a secret."),
                .init("key_prefix", .text, "What may stand before a public key."),
                .init("asymmetric", .map(.any), "What is otherwise where there is a public key."),
                .init("timestamp", .named("timestamp"), "When it was signed."),
                .init("id", .text, "What tells repeated requests."),
                .init("once", .text, "What must not be seen a second time."),
                .init("items", .text, "The list whose items are signed one by one."),
            ]
        ),
        SchemaMap(
            "timestamp",
            [
                .init("from", .text, "Where it stands."),
                .init(
                    "unit",
                    .words(["s", "ms", "rfc3339"]),
                    "What it counts; seconds by default."
                ),
                .init("tolerance", .duration, "How far it may lie from the present."),
                .init("future", .words(["refuse", "accept"]), "Whether any later time is taken."),
            ]
        ),
        SchemaMap(
            "token_keys",
            [
                .init("algorithms", .some(.text), "The algorithms of tokens that are taken."),
                .init("jwks_url", .text, "Where public keys are fetched."),
                .init("issuer", .some(.text), "Who may have issued a token."),
                .init("audience", .some(.text), "For whom a token may be."),
                .init("email", .some(.text), "Whose tokens are taken."),
                .init("claims", .map(.any), "Claims and their values."),
                .init("leeway", .duration, "How far clocks may differ."),
                .init("max_age", .duration, "How long ago it may have been made."),
                .init("require_exp", .flag, "Whether a token must end."),
                .init("body_hash", .named("body_hash"), "The claim with the body's hash."),
                .init("key_ids", .some(.text), "The ids of the keys that are taken."),
                .init("label", .text, "The label of the message signature."),
                .init("tag", .text, "The tag of the message signature."),
                .init("components", .some(.text), "What a message signature must cover."),
                .init("nonce", .flag, "Whether it must have a nonce."),
                .init("allow", .some(.text), "The addresses that are taken."),
                .init("username", .text, "The sender's name."),
                .init("password", .text, "The sender's password."),
                .init("users", .list(.named("user")), "Several senders."),
                .init("topics", .some(.text), "The topics of SNS that are taken."),
                .init("signature_versions", .some(.text), "The versions of SNS: 1, 2."),
                .init("certificate_roots", .text, "What certificates must chain to, in PEM."),
            ]
        ),
        SchemaMap(
            "body_hash",
            [
                .init("claim", .text, "The claim's name."),
                .init("digest", .words(["sha1", "sha256", "sha384", "sha512"]), "The hash."),
                .init("encoding", .words(["hex", "base64", "base64url"]), "How it is written."),
            ]
        ),
        SchemaMap(
            "dated_secret",
            [
                .init("secret", .text, "The secret."),
                .init("not_after", .text, "Until when it counts."),
            ]
        ),
        SchemaMap(
            "dated_key",
            [
                .init("key", .text, "The public key."),
                .init("not_after", .text, "Until when it counts."),
            ]
        ),
        SchemaMap(
            "user",
            [
                .init("username", .text, "The sender's name."),
                .init("password", .text, "The sender's password."),
                .init("not_after", .text, "Until when it counts."),
            ]
        ),
        SchemaMap(
            "handshake",
            [
                .init("name", .text, "Its name, for the ledger."),
                .init("method", .some(.text), "The methods it comes with; POST by default."),
                .init("when", .map(.text), "Parts of the request, and what stands there."),
                .init("token", .text, "The part that must be verify_token."),
                .init("signed", .flag, "Whether it must be verified first."),
                .init("status", .whole(200), "The answer's status."),
                .init("headers", .map(.text), "The answer's headers."),
                .init("text", .text, "The answer as text."),
                .init("json", .any, "The answer as JSON."),
                .init("visit", .text, "The URL of SNS that confirms a subscription."),
            ]
        ),
    ]
}
