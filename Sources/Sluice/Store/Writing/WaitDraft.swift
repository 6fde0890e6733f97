internal import Primitives
internal import Rendezvous

/// What a batch knows of a wait and does to it.
struct WaitDraft {
    /// Its keys, each once.
    var keys: [WaitKey]
    /// When it ends at the latest.
    let deadline: WallTime
    /// Whether there is a row of it.
    let isStored: Bool
    /// Whether its keys are others than in its row.
    var isChanged = false
    /// Whether it has not ended.
    var isOpen = true
}
