/// What people are told about a key of the configuration: its name, shape, default and meaning.
package struct SettingDetails: Sendable, SettingDescribing {
    /// What a configuration without the key means.
    package enum Standard: Sendable, Equatable {
        /// The same as one that has the key with this value.
        case value(String)
        /// Something that no value of the key says, or that depends on other keys, in words: `the whole body`.
        case described(String)
        /// Nothing: the key has no effect that is not asked for.
        case nothing
        /// The key must be there.
        case required
    }

    /// The key's name.
    package let name: String
    /// The values it takes.
    package let shape: SettingShape
    /// What a configuration without it means.
    package var standard: Standard
    /// What it means, as a phrase without a capital and a full stop: `how long a callback is held`.
    package let about: String
    /// What the documentation adds to that, in Markdown.
    package var remark = ""
    /// What `config/reference.yml` says on a line of its own before the key.
    package var heading = ""
    /// The value that `config/reference.yml` shows; nil shows the default.
    package var example: String?
    /// Whether `config/reference.yml` shows the key; another spelling of a key that it shows is left out.
    package var isShown = true

    /// Describes a key.
    package init(
        _ name: String,
        _ shape: SettingShape,
        standard: Standard = .nothing,
        about: String
    ) {
        self.name = name
        self.shape = shape
        self.standard = standard
        self.about = about
    }

    /// Itself.
    package var details: SettingDetails { self }

    /// The meaning as a sentence.
    package var sentence: String {
        guard let first = about.first else { return "" }
        return "\(first.uppercased())\(about.dropFirst())."
    }
}
