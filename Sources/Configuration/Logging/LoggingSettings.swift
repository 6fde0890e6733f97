internal import Documents
package import Primitives

/// `log:`, what is logged and how.
package struct LoggingSettings: Sendable {
    /// The keys of the block.
    enum Keys {
        static let level = SettingKey<String>.word(
            "level",
            of: LogLevel.allCases.map(\.name),
            default: LogLevel.info.name,
            "the least level that is written: debug, info, warning, error"
        )
        static let format = SettingKey<LogFormat>.word(
            "format",
            default: .text,
            "text or json, one line a fact"
        )
        static let map = SettingMap("log", [level, format])
    }

    /// The least level that is written.
    package var level = LogLevel.info
    /// How lines look.
    package var format = Keys.format.fallback

    /// The defaults.
    package init() {}

    /// Reads the block; nil gives the defaults.
    init(_ reader: SettingsReader?) {
        guard var reader else { return }
        reader.accept(Keys.map)
        let word = reader.read(Keys.level)
        level = LogLevel.allCases.first { $0.name == word } ?? level
        format = reader.read(Keys.format)
        reader.finish()
    }
}
