/// Why the store behind the journal cannot be opened, read or written.
package struct StoreError: Error, Sendable, CustomStringConvertible {
    /// What kind of trouble it is.
    package enum Kind: String, Sendable {
        /// The directory or a file in it cannot be made or opened.
        case cannotOpen
        /// It was written by a newer version of this program.
        case newerVersion
        /// It is no store, or damaged.
        case corrupt
        /// The disk is full.
        case full
        /// The system refused to read or write.
        case io
        /// Somebody else has it.
        case busy
        /// It took longer than it may.
        case tooSlow
        /// Anything else.
        case other
    }

    /// What kind of trouble it is.
    package let kind: Kind
    /// The trouble as a sentence.
    package let description: String

    /// What can be done about damage, to be put behind the description; empty for other trouble.
    package var advice: String {
        kind == .corrupt
            ? "; `sluice store check` tells all that is damaged, `sluice store repair` what can be done"
            : ""
    }

    /// Describes trouble.
    package init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
