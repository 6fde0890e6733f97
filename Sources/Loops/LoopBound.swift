/// A value of one loop that travels through other threads, and can be looked at on its own loop only.
///
/// For closures that go through a ``LoopPort``: they carry this, and get the value back from the loop they run on.
/// Where the last hold is let go on another thread, a class's `deinit` runs there; it must not mind.
package final class LoopBound<Value>: @unchecked Sendable {
    // Sendable because `value` is only given out to who shows the loop it belongs to, which cannot leave its thread.
    @usableFromInline let value: Value
    @usableFromInline let loop: ObjectIdentifier
    /// The door to the value's loop.
    package let port: LoopPort

    /// Binds a value to the loop that this runs on.
    @inlinable
    package init(_ value: Value, on loop: EventLoop) {
        self.value = value
        self.loop = ObjectIdentifier(loop)
        port = loop.port
    }

    /// The value; a trap on any other loop.
    @inlinable
    package func get(on loop: EventLoop) -> Value {
        precondition(
            self.loop == ObjectIdentifier(loop),
            "a value was used on another loop than its own"
        )
        return value
    }
}
