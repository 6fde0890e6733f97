import Executor
import Primitives

/// A job that runs a closure.
final class Step: Job {
    private let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) {
        self.body = body
    }

    func run() { body() }
}

/// What jobs leave behind.
final class Tally: Sendable {
    private let state = Lock<[Int]>([])

    var value: Int { state.withLock { $0.count } }
    var numbers: [Int] { state.withLock { $0 } }

    func add() { append(0) }

    func append(_ number: Int) {
        state.withLock { $0.append(number) }
    }
}
