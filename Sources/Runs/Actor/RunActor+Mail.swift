internal import Primitives
package import Rendezvous
package import Workflows

extension RunActor {
    /// What can reach a run; what is large and seldom is out of line.
    package enum Message: Sendable {
        /// Something happened to it that the journal does not know yet.
        indirect case event(RunEvent)
        /// Somebody asks something of it, and is told when that is settled.
        indirect case asked(RunEvent, RunEngine.Told)
        /// Something happened to it, and is settled under a number.
        indirect case settled(RunEvent, Stamp, number: UInt64)
        /// The callback one of its steps waited for, settled; its JSON is read on the worker, not where it arrived.
        case callback(AttemptRef, CallbackRecord, Stamp?, number: UInt64)
        /// What it decided about one of its waits is settled under a number.
        case decided(number: UInt64)
        /// The journal could not take what happened to it; it is to be journaled again when that is possible.
        indirect case unsettled(RunEvent)
        /// The journal could not take what an effect decided; it is to be carried out again when that is possible.
        indirect case undone(Effect)
        /// The journal could not take the note of one of its ends; it is to be noted again when that is possible.
        case endUnnoted(end: Int)
        /// The journal takes records again.
        case journalRecovered
        /// It was rebuilt: what was under way is to be taken up again.
        indirect case resume(Resumption)
        /// After a restart nobody knows the run that a step is to start: it never began.
        indirect case childUnknown(Effect)
        /// Somebody wants to know when all that was sent before is handled.
        case reached(@Sendable () -> Void)
        /// What was sent before is settled and handled: this is to be called.
        case passed(@Sendable () -> Void)
        /// What somebody asked was sent before, and is handled: they are told.
        case told(@Sendable () -> Void)
        /// It has a place now: what was kept for it is to be handled.
        case placed
        /// The result of one of its ends is where it was wanted, or will never be.
        case resultSent(end: Int)
    }
}
