internal import Primitives

/// The path of keys down to a value: `listener.callbacks[0].identify_by`.
package struct SettingsPath: Sendable, Hashable {
    /// The path's text; empty at the top.
    package let text: String

    /// Makes a path from its text.
    package init(_ text: String = "") {
        self.text = text
    }

    /// The path of a key of the map here.
    ///
    /// A key that is not a plain name is written in brackets: `headers["a.b"]`.
    package func key(_ name: String) -> SettingsPath {
        let isPlain =
            !name.isEmpty
            && name.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (97...122).contains(byte) || (65...90).contains(byte)
                    || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
            }
        if !isPlain { return SettingsPath("\(text)[\"\(name.clipped)\"]") }
        return SettingsPath(text.isEmpty ? name : "\(text).\(name)")
    }

    /// The path of an item of the list here.
    package func item(_ index: Int) -> SettingsPath {
        SettingsPath("\(text)[\(index)]")
    }
}

extension String {
    /// The text for a message: at most 40 characters, line ends and controls as blanks.
    package var clipped: String {
        let shown = unicodeScalars.prefix(40).map { TerminalText.isUnsafe($0) ? " " : $0 }
        var text = String(String.UnicodeScalarView(shown))
        if unicodeScalars.count > 40 { text += "…" }
        return text
    }
}
