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
        let giveUp = Instant.now().advanced(by: Self.patience)
        var found = try Self.look(ids, keys, plan, controller)
        // A callback is answered before its run has gone on: what still waits is looked at again.
        while found.sent != found.succeeded - found.unexpected, Instant.now() < giveUp {
            found = try Self.look(ids, keys, plan, controller)
        }
        looked = found.sent
        good = found.succeeded - found.unexpected
        trouble = found.firstTrouble
    }

    /// How long runs have to become as they should be.
    private static let patience = Nanoseconds.seconds(10)

    private static func look(
        _ ids: [UInt8],
        _ keys: [Int]?,
        _ plan: LoadPlan,
        _ controller: Target
    ) throws(Mistake) -> Tally {
        let drive = try Drive(
            Assignment(tasks: ids, keys: keys, tag: plan.tag, at: controller, token: plan.token),
            to: controller
        )
        return drive.run().tally
    }

    /// Whether all were as they should be.
    var isClean: Bool { looked == good && trouble == nil }
}
