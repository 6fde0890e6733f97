package import Documents

/// The keys of verifiers, as their readers take them.
package enum VerifierKeys {
    /// What stands under `verify:`, or under a name of `verifiers:`.
    package static let map: SettingMap = SettingMap(
        "verifier",
        [
            SettingDetails(
                "preset",
                .scalar,
                about: "a known sender: github, stripe, slack … (docs/senders.md)"
            ),
            SettingDetails(
                "type",
                .words([
                    "signature", "token", "basic", "ip", "jwt", "twilio", "sns", "http-signature",
                ]),
                about: "what is checked; a signature by default"
            ),
            SettingDetails(
                "all",
                .list(.either([.scalar, .block { map }])),
                about: "all of these must fit"
            ),
            SettingDetails(
                "any",
                .list(.either([.scalar, .block { map }])),
                about: "one of these must fit"
            ),
            SettingDetails("secret", .scalar, about: "the secret that the sender signs with"),
            SettingDetails(
                "secrets",
                .list(.either([.scalar, .block { datedSecret }])),
                about: "several secrets, while they change"
            ),
            SettingDetails(
                "public_key",
                .some(.either([.scalar, .block { datedKey }])),
                about: "the sender's public key: PEM, DER, raw, JWK"
            ),
            SettingDetails("url", .scalar, about: "the URL that the sender calls"),
            SettingDetails(
                "body",
                .words(["json", "form", "text", "raw"]),
                about: "what a body is"
            ),
            SettingDetails("form_field", .scalar, about: "the form field that holds the JSON"),
            SettingDetails("methods", .some(.scalar), about: "the methods that the route takes"),
            SettingDetails(
                "handshake",
                .some(.either([.scalar, .block { handshake }])),
                about: "handshakes"
            ),
            SettingDetails("verify_token", .scalar, about: "the token that a handshake must bring"),
        ],
        including: [scheme, tokens]
    )

    /// Where a signature stands, and what is signed.
    static let scheme: SettingMap = SettingMap(
        "scheme_keys",
        [
            SettingDetails("header", .scalar, about: "the header of the signature"),
            SettingDetails(
                "query",
                .scalar,
                about: "the query parameter of a shared secret or token"
            ),
            SettingDetails("signature", .scalar, about: "where the signature stands otherwise"),
            SettingDetails(
                "parse",
                .words(["plain", "prefix", "pairs", "versions"]),
                about: "how it is read"
            ),
            SettingDetails("prefix", .scalar, about: "what stands before the signature"),
            SettingDetails("separator", .scalar, about: "what stands between pairs or signatures"),
            SettingDetails("key", .scalar, about: "the pair that is the signature"),
            SettingDetails(
                "version",
                .scalar,
                about: "the version of the signatures that are checked"
            ),
            SettingDetails("sign", .scalar, about: "what is signed, such as {timestamp}.{body}"),
            SettingDetails(
                "algorithm",
                .scalar,
                about: "by which algorithm; hmac-sha256 by default"
            ),
            SettingDetails(
                "encoding",
                .words(["hex", "base64", "base64url"]),
                about: "how it is written"
            ),
            SettingDetails(
                "secret_encoding",
                .words(["raw", "base64", "hex"]),
                about: "how secrets are written"
            ),
            SettingDetails("secret_prefix", .scalar, about: "what may stand before a secret"),
            SettingDetails("key_prefix", .scalar, about: "what may stand before a public key"),
            SettingDetails(
                "asymmetric",
                .map(.any),
                about: "what is otherwise where there is a public key"
            ),
            SettingDetails("timestamp", .block { timestamp }, about: "when it was signed"),
            SettingDetails("id", .scalar, about: "what tells repeated requests"),
            SettingDetails("once", .scalar, about: "what must not be seen a second time"),
            SettingDetails("items", .scalar, about: "the list whose items are signed one by one"),
        ]
    )

    /// When a request was signed.
    static let timestamp: SettingMap = SettingMap(
        "timestamp",
        [
            SettingDetails("from", .scalar, about: "where it stands"),
            SettingDetails(
                "unit",
                .words(["s", "ms", "rfc3339"]),
                about: "what it counts; seconds by default"
            ),
            SettingDetails("tolerance", .duration, about: "how far it may lie from the present"),
            SettingDetails(
                "future",
                .words(["refuse", "accept"]),
                about: "whether any later time is taken"
            ),
        ]
    )

    /// What the checks take that are no schemes.
    static let tokens: SettingMap = SettingMap(
        "token_keys",
        [
            SettingDetails(
                "algorithms",
                .some(.scalar),
                about: "the algorithms of tokens that are taken"
            ),
            SettingDetails("jwks_url", .scalar, about: "where public keys are fetched"),
            SettingDetails("issuer", .some(.scalar), about: "who may have issued a token"),
            SettingDetails("audience", .some(.scalar), about: "for whom a token may be"),
            SettingDetails("email", .some(.scalar), about: "whose tokens are taken"),
            SettingDetails("claims", .map(.any), about: "claims and their values"),
            SettingDetails("leeway", .duration, about: "how far clocks may differ"),
            SettingDetails("max_age", .duration, about: "how long ago it may have been made"),
            SettingDetails("require_exp", .flag, about: "whether a token must end"),
            SettingDetails(
                "body_hash",
                .block { bodyHash },
                about: "the claim with the body's hash"
            ),
            SettingDetails("key_ids", .some(.scalar), about: "the ids of the keys that are taken"),
            SettingDetails("label", .scalar, about: "the label of the message signature"),
            SettingDetails("tag", .scalar, about: "the tag of the message signature"),
            SettingDetails(
                "components",
                .some(.scalar),
                about: "what a message signature must cover"
            ),
            SettingDetails("nonce", .flag, about: "whether it must have a nonce"),
            SettingDetails("allow", .some(.scalar), about: "the addresses that are taken"),
            SettingDetails("username", .scalar, about: "the sender's name"),
            SettingDetails("password", .scalar, about: "the sender's password"),
            SettingDetails("users", .list(.block { user }), about: "several senders"),
            SettingDetails("topics", .some(.scalar), about: "the topics of SNS that are taken"),
            SettingDetails(
                "signature_versions",
                .some(.scalar),
                about: "the versions of SNS: 1, 2"
            ),
            SettingDetails(
                "certificate_roots",
                .scalar,
                about: "what certificates must chain to, in PEM"
            ),
        ]
    )

    /// The claim with the body's hash.
    static let bodyHash: SettingMap = SettingMap(
        "body_hash",
        [
            SettingDetails("claim", .scalar, about: "the claim's name"),
            SettingDetails(
                "digest",
                .words(["sha1", "sha256", "sha384", "sha512"]),
                about: "the hash"
            ),
            SettingDetails(
                "encoding",
                .words(["hex", "base64", "base64url"]),
                about: "how it is written"
            ),
        ]
    )

    /// A secret that counts until a day.
    static let datedSecret: SettingMap = SettingMap(
        "dated_secret",
        [
            SettingDetails("secret", .scalar, about: "the secret"),
            SettingDetails("not_after", .scalar, about: "until when it counts"),
        ]
    )

    /// A public key that counts until a day.
    static let datedKey: SettingMap = SettingMap(
        "dated_key",
        [
            SettingDetails("key", .scalar, about: "the public key"),
            SettingDetails("not_after", .scalar, about: "until when it counts"),
        ]
    )

    /// A name and a password.
    static let user: SettingMap = SettingMap(
        "user",
        [
            SettingDetails("username", .scalar, about: "the sender's name"),
            SettingDetails("password", .scalar, about: "the sender's password"),
            SettingDetails("not_after", .scalar, about: "until when it counts"),
        ]
    )

    /// A request with which a sender asks whether the endpoint is the right one.
    static let handshake: SettingMap = SettingMap(
        "handshake",
        [
            SettingDetails("name", .scalar, about: "its name, for the ledger"),
            SettingDetails(
                "method",
                .some(.scalar),
                about: "the methods it comes with; POST by default"
            ),
            SettingDetails(
                "when",
                .map(.scalar),
                about: "parts of the request, and what stands there"
            ),
            SettingDetails("token", .scalar, about: "the part that must be verify_token"),
            SettingDetails("signed", .flag, about: "whether it must be verified first"),
            SettingDetails("status", .integer(200...Int.max), about: "the answer's status"),
            SettingDetails("headers", .map(.scalar), about: "the answer's headers"),
            SettingDetails("text", .scalar, about: "the answer as text"),
            SettingDetails("json", .any, about: "the answer as JSON"),
            SettingDetails("visit", .scalar, about: "the URL of SNS that confirms a subscription"),
        ]
    )
}
