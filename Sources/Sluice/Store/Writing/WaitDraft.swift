internal import Primitives
internal import Rendezvous

/// What a batch knows of a wait and does to it.
struct WaitDraft {
    /// Its keys, each once, with the numbers under which it was given them.
    var keys: [NumberedKey]
    /// When it ends at the latest.
    let deadline: WallTime
    /// Whether there is a row of it.
    let isStored: Bool
    /// Whether its keys are others than in its row.
    var isChanged = false
    /// Whether it has not ended.
    var isOpen = true
}
