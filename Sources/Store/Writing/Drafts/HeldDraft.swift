internal import Primitives

/// A held callback in a batch.
struct HeldDraft {
    /// The callback.
    let held: StoredHeld
    /// Whether the ledger has its request under the same number.
    let hasEntry: Bool
}
