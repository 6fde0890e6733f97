internal import Documents

/// A variable of the environment, or a secret, that an expression needs and that is not there.
struct UnsetName {
    /// Its name.
    var name: String
    /// Whether it is a secret.
    var isSecret: Bool
    /// Where the `${` stands that needs it.
    var position: SourcePosition

    /// What is wrong, as a sentence.
    var message: String {
        isSecret
            ? "the secret `\(name)` has no value: `secrets:` does not name it, or it cannot be read"
            : "the environment variable `\(name)` is not set and has no default"
    }
}
