internal import Primitives

/// A fixed number of threads that run jobs in the order they were submitted.
///
/// May be used on any thread. Waking is batched: a burst of submissions wakes one sleeping worker, which wakes the
/// next one when it finds more than one job; while all workers are busy nobody is woken.
@usableFromInline
package final class WorkerPool: Sendable {
    private let desk: WorkQueue
    private let threads: Lock<[WorkerThread]>

    /// Starts the threads.
    ///
    /// - Parameters:
    ///   - threads: How many threads there are; at least one is started.
    ///   - name: What the threads are called in `top` and in a debugger; cut to 12 letters and numbered.
    ///   - niceness: How much less urgent they are than others of the process, 0 to 19.
    package init(threads: Int, name: String, niceness: Int = 0) {
        let count = max(1, threads)
        let desk = WorkQueue(workers: count)
        self.desk = desk
        self.threads = Lock(
            (0..<count).map { index in
                WorkerThread(name: "\(name.prefix(12))-\(index)") {
                    if niceness > 0 { WorkerThread.yieldToOthers(niceness) }
                    desk.work(as: index)
                }
            }
        )
    }

    private init(desk: WorkQueue) {
        self.desk = desk
        threads = Lock([])
    }

    /// A pool without threads, for simulations: whoever holds it does the work, with ``doOne(_:)``.
    package static func byHand() -> WorkerPool {
        WorkerPool(desk: WorkQueue(workers: 0))
    }

    /// How many jobs are queued and not begun.
    package var queuedCount: Int { desk.queuedCount }

    /// Whether no job is queued or being done.
    package var isIdle: Bool { desk.isIdle }

    /// Does one of the queued jobs on the calling thread; nothing where there is none at that place.
    ///
    /// - Complexity: O(`place`).
    package func doOne(_ place: Int) {
        desk.pick(place)?.run()
    }

    /// Drops all queued jobs, as the end of a process does.
    package func dropAll() {
        while desk.pick(0) != nil {}
    }

    deinit {
        stop()
    }

    /// Queues a job; false when the pool has stopped and the job was dropped.
    ///
    /// - Complexity: O(1) amortised; at most one wake-up.
    @usableFromInline
    @discardableResult
    package func submit(_ job: any Job) -> Bool {
        desk.take(job)
    }

    /// Queues several jobs in their order with one wake-up; false when the pool has stopped.
    @usableFromInline
    @discardableResult
    package func submit(_ batch: [any Job]) -> Bool {
        desk.take(batch)
    }

    /// Lets the workers finish everything queued, what those jobs submit included, and ends the threads.
    ///
    /// Returns when they have ended. A second call does nothing. Called from one of the pool's own jobs it asks the
    /// workers to end and does not wait for the calling thread.
    package func stop() {
        desk.close()
        let ending = threads.withLock { threads in
            let all = threads
            threads = []
            return all
        }
        for thread in ending { thread.join() }
    }
}
