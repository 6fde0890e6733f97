/// A decision that was taken back because it could not be committed.
package struct UndoneDecision: Hashable, Sendable {
    /// The journal number it had; it is void and never given again.
    package let number: UInt64
    /// What it was.
    package let kind: Kind

    /// Makes the account of one decision.
    package init(number: UInt64, kind: Kind) {
        self.number = number
        self.kind = kind
    }

    /// What was taken back, and how things stand therefore.
    package enum Kind: Hashable, Sendable {
        /// A callback had ended this wait: it is open again.
        case delivered(WaitID)
        /// A callback was held: it is not any more.
        case held
        /// This wait was registered: it does not exist any more.
        case registered(WaitID)
        /// A held callback had ended this wait as it registered: the wait does not exist, the callback is held again.
        case matchedAtRegistration(WaitID)
        /// This open wait had got a further key: it has it no more.
        case keyAdded(WaitID)
        /// A held callback had ended this wait by its further key: it is open again without that key, and the
        /// callback is held again.
        case matchedByFurtherKey(WaitID)
        /// This wait had ended so: it is open again.
        case ended(WaitID, EndedHow)
        /// A held callback had run out: it is held again.
        case unfetched
    }
}
