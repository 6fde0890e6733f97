package import Primitives

/// A key of the configuration, declared once, beside the settings that it fills.
///
/// Its name, its default, its bounds and its meaning stand nowhere else. The reader reads by it
/// (``SettingsReader/read(_:)``); unknown keys, the type of a listener, the JSON Schema, `config/reference.yml` and the
/// tables of the documentation are made from the ``SettingMap`` that lists it.
///
/// A key without a default has an optional value, whose default is nil.
package struct SettingKey<Value: Sendable>: Sendable, SettingDescribing {
    /// What people are told about it.
    package private(set) var details: SettingDetails
    /// Its value where the configuration does not say.
    package let fallback: Value
    /// Reads what stands under it; nil where that is missing or wrong, which is reported.
    let parse: @Sendable (inout SettingsReader, String) -> Value?

    /// Its name.
    package var name: String { details.name }

    private init(
        _ details: SettingDetails,
        _ fallback: Value,
        _ parse: @escaping @Sendable (inout SettingsReader, String) -> Value?
    ) {
        self.details = details
        self.fallback = fallback
        self.parse = parse
    }

    private init(
        _ name: String,
        _ shape: SettingShape,
        _ fallback: Value,
        text: String,
        _ about: String,
        _ parse: @escaping @Sendable (inout SettingsReader, String) -> Value?
    ) {
        self.init(
            SettingDetails(name, shape, standard: .value(text), about: about),
            fallback,
            parse
        )
    }
}

/// Something that describes a key of the configuration.
package protocol SettingDescribing: Sendable {
    /// What people are told about the key.
    var details: SettingDetails { get }
}

/// How a key is told about, beside what its kind says.
extension SettingKey {
    /// The key with a default that depends on other things, said in words.
    package func standard(_ words: String) -> SettingKey {
        changed { $0.standard = .described(words) }
    }

    /// The key with a default that its reader knows, as the configuration writes it.
    package func defaulting(to value: String) -> SettingKey {
        changed { $0.standard = .value(value) }
    }

    /// The key as one that must be there; what is said where it is missing is its reader's.
    package var required: SettingKey { changed { $0.standard = .required } }

    /// The key with a value that the reference shows.
    package func example(_ value: String) -> SettingKey { changed { $0.example = value } }

    /// The key with what the documentation says beyond one phrase, in Markdown.
    package func remark(_ text: String) -> SettingKey { changed { $0.remark = text } }

    /// The key with what the reference says before it.
    package func heading(_ text: String) -> SettingKey { changed { $0.heading = text } }

    /// The key as one that the reference does not show.
    package var unshown: SettingKey { changed { $0.isShown = false } }

    private func changed(_ change: (inout SettingDetails) -> Void) -> SettingKey {
        var key = self
        change(&key.details)
        return key
    }
}

/// Keys with a default.
extension SettingKey {
    /// An integer.
    package static func integer(
        _ name: String,
        in range: ClosedRange<Int> = 0...Int.max,
        default fallback: Int,
        _ about: String
    ) -> SettingKey where Value == Int {
        SettingKey(name, .integer(range), fallback, text: "\(fallback)", about) {
            $0.integer($1, in: range)
        }
    }

    /// A size in bytes.
    package static func size(
        _ name: String,
        default fallback: Int,
        _ about: String
    ) -> SettingKey where Value == Int {
        SettingKey(name, .size, fallback, text: SizeText.spell(fallback), about) { $0.size($1) }
    }

    /// A duration; a bare number is seconds.
    package static func duration(
        _ name: String,
        default fallback: Nanoseconds,
        _ about: String
    ) -> SettingKey where Value == Nanoseconds {
        SettingKey(name, .duration, fallback, text: DurationText.spell(fallback), about) {
            $0.duration($1)
        }
    }

    /// A duration of more than another one.
    ///
    /// - Parameters:
    ///   - name: The key's name.
    ///   - fallback: The default.
    ///   - least: What it must be more than.
    ///   - sample: The duration that the message names as an example.
    ///   - about: What it means.
    /// - Returns: The key.
    package static func duration(
        _ name: String,
        default fallback: Nanoseconds,
        above least: Nanoseconds,
        such sample: String,
        _ about: String
    ) -> SettingKey where Value == Nanoseconds {
        SettingKey(name, .duration, fallback, text: DurationText.spell(fallback), about) {
            guard let node = $0.node($1), let duration = $0.duration($1) else { return nil }
            if duration.count > least.count { return duration }
            let bound = least.count == 0 ? "0" : DurationText.spell(least)
            $0.mismatch(
                node,
                key: $1,
                expected: "a duration of more than \(bound), such as `\(sample)`"
            )
            return nil
        }
    }

    /// A boolean.
    package static func flag(
        _ name: String,
        default fallback: Bool,
        _ about: String
    ) -> SettingKey where Value == Bool {
        SettingKey(name, .flag, fallback, text: "\(fallback)", about) { $0.bool($1) }
    }

    /// A text.
    package static func text(
        _ name: String,
        default fallback: String,
        _ about: String
    ) -> SettingKey where Value == String {
        SettingKey(name, .text, fallback, text: fallback, about) { $0.string($1) }
    }

    /// One case of an enum of words.
    package static func word(
        _ name: String,
        default fallback: Value,
        _ about: String
    ) -> SettingKey where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
        let words = Value.allCases.map(\.rawValue)
        return SettingKey(name, .words(words), fallback, text: fallback.rawValue, about) {
            $0.oneOf($1, as: Value.self)
        }
    }

    /// One of several words.
    package static func word(
        _ name: String,
        of words: [String],
        default fallback: String,
        _ about: String
    ) -> SettingKey where Value == String {
        SettingKey(name, .words(words), fallback, text: fallback, about) { $0.oneOf($1, words) }
    }
}

/// Keys without a default.
extension SettingKey {
    /// An integer.
    package static func integer(
        _ name: String,
        in range: ClosedRange<Int> = 0...Int.max,
        _ about: String
    ) -> SettingKey where Value == Int? {
        SettingKey(SettingDetails(name, .integer(range), about: about), nil) {
            $0.integer($1, in: range)
        }
    }

    /// A size in bytes.
    package static func size(
        _ name: String,
        _ about: String
    ) -> SettingKey where Value == Int? {
        SettingKey(SettingDetails(name, .size, about: about), nil) { $0.size($1) }
    }

    /// A duration; a bare number is seconds.
    package static func duration(
        _ name: String,
        _ about: String
    ) -> SettingKey where Value == Nanoseconds? {
        SettingKey(SettingDetails(name, .duration, about: about), nil) { $0.duration($1) }
    }

    /// A boolean.
    package static func flag(
        _ name: String,
        _ about: String
    ) -> SettingKey where Value == Bool? {
        SettingKey(SettingDetails(name, .flag, about: about), nil) { $0.bool($1) }
    }

    /// A text.
    package static func text(
        _ name: String,
        _ about: String
    ) -> SettingKey where Value == String? {
        SettingKey(SettingDetails(name, .text, about: about), nil) { $0.string($1) }
    }

    /// Any scalar as it is written.
    package static func scalar(
        _ name: String,
        _ about: String
    ) -> SettingKey where Value == String? {
        SettingKey(SettingDetails(name, .scalar, about: about), nil) { $0.text($1) }
    }

    /// Texts: a list of scalars, or one, as written.
    package static func texts(
        _ name: String,
        _ about: String
    ) -> SettingKey where Value == [String]? {
        SettingKey(SettingDetails(name, .some(.scalar), about: about), nil) { $0.texts($1) }
    }

    /// One case of an enum of words.
    package static func word<Word>(
        _ name: String,
        as type: Word.Type,
        _ about: String
    ) -> SettingKey
    where
        Value == Word?,
        Word: RawRepresentable & CaseIterable & Sendable,
        Word.RawValue == String
    {
        let words = Word.allCases.map(\.rawValue)
        return SettingKey(SettingDetails(name, .words(words), about: about), nil) {
            $0.oneOf($1, as: Word.self)
        }
    }

    /// One of several words.
    package static func word(
        _ name: String,
        of words: [String],
        _ about: String
    ) -> SettingKey where Value == String? {
        SettingKey(SettingDetails(name, .words(words), about: about), nil) { $0.oneOf($1, words) }
    }

    /// A value that its owner reads in its own way: with expressions, in several forms, or as a map.
    package static func node(
        _ name: String,
        _ shape: SettingShape = .any,
        _ about: String
    ) -> SettingKey where Value == Node? {
        SettingKey(SettingDetails(name, shape, about: about), nil) { $0.node($1) }
    }
}
