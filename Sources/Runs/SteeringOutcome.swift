/// What became of something that somebody asked of a run.
package enum SteeringOutcome: Sendable {
    /// It is stored, and the run has it.
    case stored
    /// It could not be stored under a number: nothing has happened, and it may be asked again. No number where none was drawn.
    case notStored(under: UInt64?)
    /// It is larger than what can be stored; nothing has happened.
    case tooLarge
    /// The run has ended already.
    case over
    /// Only a run that has failed, and that no other one started, goes on again.
    case notFailed
    /// It cannot be begun again at present.
    case refused(StartRefusal)
}
