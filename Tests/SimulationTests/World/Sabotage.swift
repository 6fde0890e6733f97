/// A fault that is put into the simulated server on purpose, to see that it is found.
enum Sabotage: String, CaseIterable, Sendable {
    /// Nothing is wrong.
    case none
    /// A decision counts as settled as soon as its record is handed over.
    case settlesBeforeCommit
    /// A failed commit does not take decisions back.
    case doesNotUndo
    /// A restart takes up nothing that was under way.
    case forgetsWhatWasUnderWay
    /// A restart does not bring back the callbacks that were held.
    case forgetsHeldCallbacks
    /// A restart does not bring back how waits ended.
    case forgetsMarks
    /// A restart loses one record in fifty.
    case losesRecords
}
