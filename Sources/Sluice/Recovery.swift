internal import Journal
internal import Listeners
internal import Primitives
internal import Rendezvous
internal import Runs
internal import Store
internal import Workflows

/// Brings back what a store knows, before the server listens.
struct Recovery {
    let store: any RunStore
    let table: WaiterTable
    let claims: ClaimTable
    let surroundings: any RunEnvironment
    let owners: HeldOwners
    let log: Log
    /// Runs whose events have more bytes are rebuilt at the start where they wait: not every result may fit beside what they
    /// hold.
    var heldBytesMax = Int.max

    /// How often the log is told how far it is.
    private static let progressCount = 250_000

    /// Puts waits, held callbacks and marks back into the waiter table, and claims into theirs.
    ///
    /// - Returns: The runs that are to be rebuilt though they only wait: those whose waits the table refused, because more are
    ///   open than may be, and those that hold much.
    /// - Throws: ``StoreError`` where the store cannot be read.
    func restoreTable() throws(StoreError) -> Set<UUIDv7> {
        let start = Instant.now()
        var counts = Counts()
        var refused: Set<UUIDv7> = []
        let holding =
            heldBytesMax == .max ? [] : try store.runsHolding(moreThan: heldBytesMax)
        try store.forEachWait { id, keys, deadline in
            if holding.contains(id.run) { refused.insert(id.run) }
            let moment = surroundings.instant(of: deadline)
            guard table.restore(id, keys: keys, deadline: moment) else {
                refused.insert(id.run)
                return
            }
            counts.waits += 1
            tell(counts.waits)
        }
        table.finishRestoringWaits()
        let olderPrints = try store.olderPrintsThrough()
        try store.forEachHeld { held in
            let arrival = held.arrival
            let options = ArriveOptions(
                reuseKeys: arrival.reusesKey,
                listener: owners.place(of: held)
            )
            let isHeld = table.restore(
                arrival.callback,
                fingerprint: arrival.fingerprint,
                number: held.number,
                until: surroundings.instant(of: bounded(held.until, since: arrival.time)),
                options: options,
                isOlderPrint: held.number <= olderPrints
            )
            counts.held += isHeld ? 1 : 0
        }
        try store.forEachMark { mark in
            let isKept = table.restore(
                mark.key,
                mark: KeyReport.Mark(
                    how: mark.how,
                    fingerprint: mark.fingerprint,
                    number: mark.number,
                    until: surroundings.instant(of: bounded(mark.until, since: mark.time)),
                    isReusable: mark.reusesKey,
                    isOlderPrint: mark.isOlderPrint || mark.number <= olderPrints
                )
            )
            counts.marks += isKept ? 1 : 0
        }
        try store.forEachClaim { claim in
            let time = ClaimAnswer.time(claim.answer)
            claims.restore(time.map { claim.kept(until: bounded(claim.until, since: $0)) } ?? claim)
            counts.claims += 1
        }
        tell(counts, since: start)
        return refused
    }

    /// Until when something is kept that came at a moment: of what came when the clock was ahead, as long as if it came now.
    private func bounded(_ until: WallTime, since time: WallTime) -> WallTime {
        let now = surroundings.wall
        guard time > now else { return until }
        let (kept, isOverflow) = until.milliseconds.subtractingReportingOverflow(time.milliseconds)
        guard !isOverflow, kept > 0 else { return now }
        return min(until, now.advanced(by: .milliseconds(kept)))
    }

    private func tell(_ counts: Counts, since start: Instant) {
        guard counts.isSomething else { return }
        log(
            .info,
            "Recovered what was waiting",
            [
                .init("waits", counts.waits), .init("held", counts.held),
                .init("marks", counts.marks), .init("claims", counts.claims),
                .init("milliseconds", Instant.now().since(start).millisecondsRoundedUp),
            ]
        )
    }

    /// Has every run go on that was doing something.
    ///
    /// - Parameters:
    ///   - engine: Whose runs they are.
    ///   - refused: Runs whose waits could not be restored: rebuilt, they try again and fail.
    /// - Throws: ``StoreError`` where the store cannot be read.
    func resumeRuns(
        _ engine: RunEngine,
        refused: Set<UUIDv7> = []
    ) throws(StoreError) {
        let active = try store.runsToResume()
        let runs = active + refused.subtracting(active).sorted()
        let missing = Lock(runs.count)
        for run in runs {
            // What is damaged must not keep everybody else's components closed.
            engine.find(run, patience: .unlessDamaged) { [surroundings] _ in
                let isLast = missing.withLock { missing in
                    missing -= 1
                    return missing == 0
                }
                if isLast { surroundings.allAdopted() }
            }
        }
        if runs.isEmpty { surroundings.allAdopted() }
        if !runs.isEmpty {
            log(.info, "Resuming runs", [.init("runs", runs.count)])
        }
    }

    private func tell(_ count: Int) {
        guard count > 0, count % Self.progressCount == 0 else { return }
        log(.info, "Recovering waits", [.init("waits", count)])
    }

    /// What was brought back.
    private struct Counts {
        var waits = 0
        var held = 0
        var marks = 0
        var claims = 0

        var isSomething: Bool { waits + held + marks + claims > 0 }
    }
}
