internal import Primitives

/// A value that one thread leaves for another.
final class Box<Value: Sendable>: Sendable {
    private let value: Lock<Value>

    /// Puts the first value in.
    init(_ value: Value) {
        self.value = Lock(value)
    }

    /// What was put in last.
    func get() -> Value {
        value.withLock { $0 }
    }

    /// Replaces the value.
    func set(_ new: Value) {
        value.withLock { $0 = new }
    }
}
