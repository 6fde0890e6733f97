internal import Glibc

/// Waits until a condition holds, looking again every two milliseconds.
///
/// For states that nobody announces. Where there is something to wait for (a reply, a line, a request), wait for that.
///
/// - Parameters:
///   - what: What is waited for, for the error.
///   - deadline: When to give up.
///   - condition: Asked on the calling thread.
/// - Throws: ``KitError/deadlinePassed(doing:)``.
package func eventually(
    _ what: String = "waiting for a condition",
    deadline: Deadline = .standard,
    _ condition: () throws -> Bool
) throws {
    while try !condition() {
        if deadline.hasPassed { throw KitError.deadlinePassed(doing: what) }
        _ = poll(nil, 0, 2)
    }
}
