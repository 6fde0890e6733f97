/// Something the operator should know about a configuration, tied to the place it was written at.
package struct Diagnostic: Sendable {
    /// How grave it is: an error refuses the configuration, a warning and a note do not.
    package enum Severity: String, Sendable {
        case error, warning, note
    }

    /// What sort of note it is (`check --fragment`): something absent, something incomplete, a reading that was assumed.
    package enum NoteKind: String, Sendable {
        case absent, incomplete, assumed
    }

    /// How grave it is.
    package var severity: Severity
    /// Set on notes, and on the errors and warnings that `--fragment` turns into notes.
    package var noteKind: NoteKind?
    /// Where.
    package var position: SourcePosition
    /// The path of keys down to the place: `listener.callbacks[0].identify_by`; empty at the top.
    package var keyPath: String
    /// What is wrong: names what was found and what was expected.
    ///
    /// One sentence, no full stop.
    package var message: String
    /// What to write instead, where there is a nearest valid spelling.
    package var suggestion: String?
    /// The sort of thing that is absent: `workflow`, `component`, `environment variable`; nil for other findings.
    package var what: String?
    /// The name of what is absent.
    package var name: String?
    /// How many characters from the position on it is about, for the caret; at least 1.
    package var length = 1

    /// Makes a diagnostic.
    package init(
        _ severity: Severity,
        at position: SourcePosition,
        keyPath: String = "",
        message: String,
        suggestion: String? = nil,
        noteKind: NoteKind? = nil
    ) {
        self.severity = severity
        self.position = position
        self.keyPath = keyPath
        self.message = message
        self.suggestion = suggestion
        self.noteKind = noteKind
    }
}

/// Where everything that reads a configuration reports: all findings are kept, not the first.
package final class Diagnostics {
    /// The findings in the order they were made.
    package private(set) var all: [Diagnostic] = []

    /// Makes an empty report.
    package init() {}

    /// Adds a finding.
    package func report(_ diagnostic: Diagnostic) {
        all.append(diagnostic)
    }

    /// Adds an error at a place.
    package func error(
        _ message: String,
        at position: SourcePosition,
        keyPath: String = "",
        suggestion: String? = nil
    ) {
        report(
            Diagnostic(
                .error,
                at: position,
                keyPath: keyPath,
                message: message,
                suggestion: suggestion
            )
        )
    }

    /// Adds a warning at a place.
    package func warning(
        _ message: String,
        at position: SourcePosition,
        keyPath: String = "",
        suggestion: String? = nil
    ) {
        report(
            Diagnostic(
                .warning,
                at: position,
                keyPath: keyPath,
                message: message,
                suggestion: suggestion
            )
        )
    }

    /// Adds a note that a reading was assumed.
    package func assumed(_ message: String, at position: SourcePosition, keyPath: String = "") {
        report(
            Diagnostic(
                .note,
                at: position,
                keyPath: keyPath,
                message: message,
                noteKind: .assumed
            )
        )
    }

    /// Whether any finding is an error.
    package var hasErrors: Bool { all.contains { $0.severity == .error } }
}
