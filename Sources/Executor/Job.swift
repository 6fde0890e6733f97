/// One unit of work for a worker thread.
@usableFromInline
package protocol Job: AnyObject, Sendable {
    /// Does the work, once for each time it was submitted; it must not block for long.
    func run()
}
