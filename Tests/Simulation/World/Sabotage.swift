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
    /// Whoever asks something of a run is told that it is stored before it is.
    case tellsBeforeStored
    /// A run that cannot be read is taken for one that does not exist.
    case takesUnreadableForUnknown
    /// A run whose row is damaged is taken for one that does not exist.
    case takesDamagedForUnknown
    /// Timers fire when the calendar says so, also where somebody has set it.
    case firesByTheCalendar
    /// A run is read though the store does not have its end yet.
    case readsWhatIsBehind
}
