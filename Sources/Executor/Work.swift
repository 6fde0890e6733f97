/// A unit of work that is a closure.
package final class Work: Job {
    private let body: @Sendable () -> Void

    /// Makes a job that calls `body` once for every time it is run.
    package init(_ body: @escaping @Sendable () -> Void) {
        self.body = body
    }

    /// Calls the closure.
    package func run() {
        body()
    }
}
