import Primitives

/// Looks at every run through the controller after the measurement.
struct RunCheck: Sendable {
    /// How many runs were looked at.
    let looked: Int
    /// How many were as they should be: completed, with the result of their own callback.
    let good: Int
    /// What was wrong with the first that was not.
    let trouble: String?

    /// Looks at runs.
    ///
    /// - Parameters:
    ///   - ids: Their ids, 36 bytes each.
    ///   - keys: The number of each one's key; nil where its output need not have it.
    ///   - plan: The keys' tag, and the controller's token.
    ///   - controller: Where to look.
    ///   - moment: When the first of them was started.
    /// - Throws: ``Mistake`` when the controller does not answer.
    init(
        _ ids: [UInt8],
        keys: [Int]?,
        of plan: LoadPlan,
        at controller: Target,
        since moment: WallTime
    ) throws(Mistake) {
        let control = try Control(token: plan.token)
        try WaitingRuns.waitUntilSettled(since: moment, controller, control)
        let drive = try Drive(
            Assignment(tasks: ids, keys: keys, tag: plan.tag, at: controller, token: plan.token),
            to: controller
        )
        let tally = drive.run().tally
        looked = tally.sent
        good = tally.succeeded - tally.unexpected
        trouble = tally.firstTrouble
    }

    /// Whether all were as they should be.
    var isClean: Bool { looked == good && trouble == nil }
}
