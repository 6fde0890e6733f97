internal import Executor
internal import HTTPEngine
internal import Listeners
internal import Primitives

/// What people and programs ask of the store and of all runs: lists, the ledger, what is known of a key.
///
/// Such a question may look at millions of rows. It is answered on threads of their own, never by those that carry runs on;
/// beyond a bound of questions that wait 503 is the answer, and what the store takes too long for is broken off. May be used
/// on any thread.
package final class QuestionService: Sendable {
    private let pool: WorkerPool

    /// How many are answered at the same time.
    static let threadsCount = 2
    /// How many may wait.
    static let waitingMax = 64

    /// Opens the desk; its threads are less urgent than the others.
    package init() {
        pool = WorkerPool(threads: Self.threadsCount, name: "question", niceness: 10)
    }

    /// Has a question answered when it is its turn.
    ///
    /// - Parameters:
    ///   - exchange: Who asks; told 503 at once where too many wait or the server goes down.
    ///   - fields: What every answer of the controller has.
    ///   - body: Answers it; it may block.
    func ask(
        _ exchange: PendingExchange,
        _ fields: ControllerHandler.Fields,
        _ body: @escaping @Sendable () -> Void
    ) {
        guard pool.queuedCount < Self.waitingMax else {
            let problem = Problem(
                status: 503,
                code: .overloaded,
                detail: "Too many requests are waiting for the store.",
                retryAfterSeconds: 5
            )
            return Reply.problem(problem).adding(fields).give(exchange)
        }
        goOn(body) {
            Reply.problem(Problem(status: 503, code: .draining)).adding(fields).give(exchange)
        }
    }

    /// Goes on with something that was asked before, whatever the bound.
    ///
    /// `refused` is called in its place where the server goes down.
    func goOn(_ body: @escaping @Sendable () -> Void, refused: () -> Void) {
        if !pool.submit(Work(body)) { refused() }
    }

    /// Answers what waits, and ends the threads.
    package func stop() {
        pool.stop()
    }
}
