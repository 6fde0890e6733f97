import Glibc
import Primitives

/// Values that loops report and a test waits for, with a deadline.
final class Reports<Value: Sendable>: Sendable {
    private let values = SleepingLock<[Value]>([])

    func add(_ value: Value) { values.withLock { $0.append(value) } }
    func takeAll() -> [Value] {
        values.withLock { values in
            let taken = values
            values = []
            return taken
        }
    }

    var all: [Value] { values.withLock { $0 } }

    /// Waits until there are at least `count` values; what is there after five seconds otherwise.
    func wait(for count: Int = 1, seconds: Int = 5) -> [Value] {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while all.count < count && ContinuousClock.now < deadline { _ = poll(nil, 0, 1) }
        return all
    }
}

/// Waits until something is so, at most five seconds.
func eventually(seconds: Int = 5, _ condition: () -> Bool) -> Bool {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < deadline {
        if condition() { return true }
        _ = poll(nil, 0, 1)
    }
    return condition()
}
