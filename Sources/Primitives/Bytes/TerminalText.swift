/// Text that may come from others, made safe to print on a terminal.
///
/// What steers a terminal, or makes a line read in another order than it was written, is shown as JSON would write it:
/// `\u001b`, `\u202e`. These are the controls of ISO 6429 (C0, DEL, C1), the bidirectional controls of Unicode (UAX #9),
/// its line and paragraph separators, and characters that take no room. All other text stands as it is.
package enum TerminalText {
    /// A text that is to stay on its line: line ends and tabs are shown as well.
    ///
    /// - Complexity: O(bytes); a text without such characters is given back as it is.
    package static func line(_ text: String) -> String {
        escaped(text) { isUnsafe($0) }
    }

    /// A text of several lines: line feeds and tabs stay what they are.
    ///
    /// - Complexity: O(bytes); a text without such characters is given back as it is.
    package static func block(_ text: String) -> String {
        escaped(text) { $0.value != 0x0A && $0.value != 0x09 && isUnsafe($0) }
    }

    /// Whether a character must not reach a terminal as it is.
    package static func isUnsafe(_ character: Unicode.Scalar) -> Bool {
        switch character.value {
        case 0x00..<0x20, 0x7F..<0xA0: true
        // Arabic letter mark; zero width space, the two marks of direction.
        case 0x061C, 0x200B, 0x200E, 0x200F: true
        // Line and paragraph separator, embeddings and overrides.
        case 0x2028...0x202E: true
        // Word joiner, isolates, the byte order mark as a character, interlinear notes.
        case 0x2060, 0x2066...0x2069, 0xFEFF, 0xFFF9...0xFFFB: true
        default: false
        }
    }

    private static func escaped(
        _ text: String,
        _ isEscaped: (Unicode.Scalar) -> Bool
    ) -> String {
        guard text.unicodeScalars.contains(where: isEscaped) else { return text }
        var shown = ""
        for character in text.unicodeScalars {
            guard isEscaped(character) else {
                shown.unicodeScalars.append(character)
                continue
            }
            switch character {
            case "\n": shown += "\\n"
            case "\r": shown += "\\r"
            case "\t": shown += "\\t"
            default:
                let digits = String(character.value, radix: 16)
                shown +=
                    "\\u" + String(repeating: "0", count: max(4 - digits.utf8.count, 0)) + digits
            }
        }
        return shown
    }
}
