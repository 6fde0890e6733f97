internal import Executor
internal import Journal
package import Rendezvous
internal import Workflows

/// Waits that callbacks ended together.
extension RunEngine {
    /// A wait that a callback ended, and that is settled.
    package struct Match: Sendable {
        /// The wait.
        let wait: WaitID
        /// What it was ended with.
        let callback: CallbackRecord

        /// Pairs a wait with what ended it.
        package init(wait: WaitID, callback: CallbackRecord) {
            self.wait = wait
            self.callback = callback
        }
    }

    /// Hands callbacks to the runs whose steps waited for them, in their order; the runs are queued together.
    package func resume(_ matches: [Match]) {
        var jobs: [any Job] = []
        jobs.reserveCapacity(matches.count)
        for match in matches {
            let mail = RunActor.Message.callback(
                AttemptRef(match.wait),
                match.callback,
                nil,
                number: 0
            )
            if let job = keeper.post(mail, to: match.wait.run, in: self) { jobs.append(job) }
        }
        if !jobs.isEmpty { pool.submit(jobs) }
    }
}
