package import Primitives

/// Which try of which step of which run waits; a wait is registered once under its id.
package struct WaitID: Hashable, Sendable {
    /// The run.
    package let run: UUIDv7
    /// The step instance's place in the run.
    package let step: UInt32
    /// The try, from 1.
    package let attempt: UInt32

    /// Names a wait.
    package init(run: UUIDv7, step: UInt32, attempt: UInt32) {
        self.run = run
        self.step = step
        self.attempt = attempt
    }
}
