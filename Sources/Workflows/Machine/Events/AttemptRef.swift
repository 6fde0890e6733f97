/// One try of one step of a run: what ties an outcome to the call or wait it belongs to.
package struct AttemptRef: Sendable, Hashable {
    /// The step's place among the run's step instances, from 0.
    package let step: Int
    /// The try's number, from 1; never used twice by the same step instance.
    package let attempt: Int

    /// Names one try of one step instance.
    package init(step: Int, attempt: Int) {
        self.step = step
        self.attempt = attempt
    }
}
