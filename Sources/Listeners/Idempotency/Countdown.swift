internal import Synchronization

/// Does something once, when so many things have happened; on the thread of the last one.
package final class Countdown: Sendable {
    private let left: Atomic<Int>
    private let body: @Sendable () -> Void

    /// Counts from `count`, which is 1 at least, and then calls `body`.
    package init(_ count: Int, then body: @escaping @Sendable () -> Void) {
        left = Atomic(count)
        self.body = body
    }

    /// One of the things has happened.
    package func count() {
        if left.wrappingSubtract(1, ordering: .acquiringAndReleasing).newValue == 0 { body() }
    }
}
