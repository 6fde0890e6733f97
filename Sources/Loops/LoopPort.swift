/// The door to a loop from any thread: the only thing of a loop that is Sendable.
package struct LoopPort: Sendable {
    private let inbox: Inbox

    /// Makes a door to the loop that empties `inbox`.
    init(_ inbox: Inbox) {
        self.inbox = inbox
    }

    /// Has `work` done on the loop's thread, after everything that was posted before.
    ///
    /// May be called on any thread, also the loop's own (it is then done in a later step). A burst costs one
    /// wake-up. What was taken is done, also when the loop is stopped meanwhile.
    ///
    /// - Returns: False when the loop has been stopped: `work` is dropped.
    @discardableResult
    package func post(_ work: @escaping @Sendable (EventLoop) -> Void) -> Bool {
        inbox.post(work)
    }
}
