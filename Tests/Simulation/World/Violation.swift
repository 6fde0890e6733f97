/// A promise that was not kept, in the schedule of a seed.
struct Violation: Error, CustomStringConvertible {
    /// The schedule.
    let seed: UInt64
    /// After how many of its steps.
    let step: Int
    /// What was found.
    let text: String

    var description: String {
        "seed \(seed), step \(step): \(text); SLUICE_SEED=\(seed) plays it alone and tells all of it"
    }
}
