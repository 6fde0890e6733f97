internal import Documents
package import Primitives

/// `log:`, what is logged and how.
package struct LoggingSettings: Sendable {
    /// The least level that is written.
    package var level = LogLevel.info
    /// How lines look.
    package var format = LogFormat.text

    /// The defaults.
    package init() {}

    /// Reads the block; nil gives the defaults.
    init(_ reader: SettingsReader?) {
        guard var reader else { return }
        if let word = reader.oneOf("level", LogLevel.allCases.map(\.name)) {
            level = LogLevel.allCases.first { $0.name == word } ?? level
        }
        if let word = reader.oneOf("format", LogFormat.allCases.map(\.rawValue)) {
            format = LogFormat(rawValue: word) ?? format
        }
        reader.finish()
    }
}
