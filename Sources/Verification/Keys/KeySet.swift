internal import JSONWire
internal import Security

/// Public keys as JSON (JWK and JWK Set, RFC 7517).
package struct KeySet: Sendable {
    /// The keys that can be used; those of other kinds are passed over.
    let keys: [CheckKey]

    /// How many keys of a set are read.
    static let keysMax = 256

    /// Reads a set, or one key; nil where the text is neither, or has no key that can be used.
    ///
    /// Symmetric keys (`oct`) are never taken, nor those that are for encryption.
    package init?(_ text: [UInt8]) {
        guard let root = Self.parse(text) else { return nil }
        var values = [root]
        if case .array(let list)? = root["keys"] { values = Array(list.prefix(Self.keysMax)) }
        keys = values.compactMap(Self.key)
        if keys.isEmpty { return nil }
    }

    /// How many keys there are.
    package var count: Int { keys.count }

    private static func parse(_ text: [UInt8]) -> JSONValue? {
        do throws(JSONError) {
            return try JSONValue.parse(text, depthMax: 32)
        } catch {
            // Whoever asked says that it is no key set.
            return nil
        }
    }

    private static func key(_ value: JSONValue) -> CheckKey? {
        if let use = value["use"]?.string, use != "sig" { return nil }
        do throws(KeyError) {
            guard let key = try publicKey(value) else { return nil }
            return CheckKey(
                key: key,
                id: value["kid"]?.string,
                algorithm: value["alg"]?.string,
                notAfter: nil
            )
        } catch {
            // A key that is none does not spoil the others of its set.
            return nil
        }
    }

    private static func publicKey(_ value: JSONValue) throws(KeyError) -> PublicKey? {
        func bytes(_ name: String) -> [UInt8]? { value[name]?.string.flatMap(Base64URL.bytes(of:)) }
        switch (value["kty"]?.string, value["crv"]?.string) {
        case ("RSA"?, _):
            guard let modulus = bytes("n"), let exponent = bytes("e") else { return nil }
            return try PublicKey(rsaModulus: modulus, exponent: exponent)
        case ("EC"?, "P-256"?):
            guard let x = bytes("x"), let y = bytes("y") else { return nil }
            return try PublicKey(p256X: x, y: y)
        case ("OKP"?, "Ed25519"?):
            guard let x = bytes("x") else { return nil }
            return try PublicKey(ed25519: x)
        default: return nil
        }
    }
}
