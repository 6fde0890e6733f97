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

    /// What a finding has to do with other findings, for ``Diagnostics/dropConsequences()``.
    package enum Role: Sendable, Hashable {
        /// A key that nobody knows; the suggestion is what it may have been meant to be.
        case unknownKey
        /// A key that is missing, or one of several.
        case missingKey([String])
        /// Something is named that is nowhere; `what` says of which sort it is.
        case absent
        /// What only holds where everything else is as it was meant.
        case advice
    }

    /// How grave it is.
    package var severity: Severity
    /// What it has to do with others; nil for a finding that stands for itself.
    package var role: Role?
    /// The path of the map that it is about, of an unknown or a missing key.
    package var map = ""
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
        if noteKind == .absent { role = .absent }
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

    /// Adds a warning that only holds where everything else is as it was meant: it is dropped where there are errors.
    package func advise(
        _ message: String,
        at position: SourcePosition,
        keyPath: String = "",
        suggestion: String? = nil
    ) {
        var finding = Diagnostic(
            .warning,
            at: position,
            keyPath: keyPath,
            message: message,
            suggestion: suggestion
        )
        finding.role = .advice
        report(finding)
    }

    /// Takes out what only follows from other findings, so that one mistake is told once.
    ///
    /// - A key that is missing beside an unknown one that was meant to be it.
    /// - What is named and not there, where the block that would have it has a key that nobody knows.
    /// - A gateway that is not there, where one could not be read.
    /// - Advice, and warnings of what is not there, where there is any error.
    /// - The same at the same place again.
    package func dropConsequences() {
        var told: Set<String> = []
        all.removeAll { finding in
            let place = finding.position.description
            return !told.insert("\(place) \(finding.severity) \(finding.message)").inserted
        }
        let broken = all.contains { finding in
            finding.severity == .error && finding.role != .absent
                && finding.keyPath.hasPrefix("gateway")
        }
        let unknown = all.filter { $0.role == .unknownKey }
        let top = Set(unknown.filter { $0.map.isEmpty }.compactMap(\.suggestion))
        let hasErrors = hasErrors
        all.removeAll { finding in
            switch finding.role {
            case nil, .unknownKey: return false
            case .missingKey(let keys):
                return unknown.contains { other in
                    other.map == finding.map && other.suggestion.map(keys.contains) == true
                }
            case .absent:
                if finding.severity == .warning { return hasErrors }
                if broken, finding.what?.hasPrefix("gateway") == true { return true }
                return Self.blocks(finding.what ?? "").contains(where: top.contains)
            case .advice: return hasErrors && finding.severity != .error
            }
        }
    }

    /// The blocks in which something of a sort is defined.
    private static func blocks(_ what: String) -> [String] {
        switch what {
        case "component": ["component", "components"]
        case "workflow": ["workflow", "workflows"]
        case "listener", "callback endpoint": ["listener", "listeners"]
        case "secret": ["secrets"]
        default: what.hasPrefix("gateway") ? ["gateway", "gateways"] : []
        }
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
