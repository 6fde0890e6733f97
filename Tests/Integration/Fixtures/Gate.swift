import TestKit

/// Holds threads until it is opened.
final class Gate: Sendable {
    private let isOpen = Watched(false)

    /// Lets everybody pass from now on.
    func open() {
        isOpen.withLock { $0 = true }
    }

    /// Waits until it is open; much later it lets pass anyway, so that a failed test ends.
    func waitUntilOpen() {
        _ = isOpen.wait(until: .standard) { $0 ? true : nil }
    }
}
