/// The values that a key of the configuration takes, as its reader reads them.
package indirect enum SettingShape: Sendable {
    /// Anything, such as a value with expressions.
    case any
    /// Any scalar as it is written: a text, a number or a boolean.
    case scalar
    /// A text, and no number that lacks its quotes.
    case text
    /// True or false.
    case flag
    /// An integer within bounds.
    case integer(ClosedRange<Int>)
    /// A number of 0 or more.
    case number
    /// `5m`, `250ms`, or seconds.
    case duration
    /// `64MiB`, or bytes.
    case size
    /// One of these words.
    case words([String])
    /// A list.
    case list(SettingShape)
    /// One value, or a list of them.
    case some(SettingShape)
    /// A map with any keys.
    case map(SettingShape)
    /// A map whose keys are declared; a closure, because maps may contain each other.
    case block(@Sendable () -> SettingMap)
    /// One of several shapes.
    case either([SettingShape])

    /// The maps that may stand under the key, at any depth of lists.
    package var blocks: [SettingMap] {
        switch self {
        case .any, .scalar, .text, .flag, .integer, .number, .duration, .size, .words: []
        case .list(let shape), .some(let shape), .map(let shape): shape.blocks
        case .block(let map): [map()]
        case .either(let shapes): shapes.flatMap(\.blocks)
        }
    }
}
