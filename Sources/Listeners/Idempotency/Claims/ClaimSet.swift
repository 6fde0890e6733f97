package import HTTPEngine
package import Journal
package import Primitives

/// The claims that one request has taken: all are kept with its start, or all are released.
package struct ClaimSet: Sendable {
    /// A key that was free and is this request's now.
    private struct Taken {
        let key: Fingerprint
        let flight: ClaimFlight
        /// Which of the started runs it stands for; nil for all of them.
        let run: Int?
    }

    private let table: ClaimTable
    private let window: Nanoseconds
    private var taken: [Taken] = []
    private var runs: [ObjectIdentifier: Int] = [:]

    /// An empty set whose claims are remembered for `window`.
    package init(_ table: ClaimTable, window: Nanoseconds) {
        self.table = table
        self.window = window
    }

    /// Takes a key for the whole request, or for one of the runs it starts.
    package mutating func take(
        _ key: Fingerprint,
        payload: Fingerprint,
        run: Int?
    ) -> ClaimStanding {
        let standing = table.take(key, payload: payload)
        if case .first(let flight) = standing {
            taken.append(Taken(key: key, flight: flight, run: run))
            runs[ObjectIdentifier(flight)] = run
        }
        return standing
    }

    /// Which run a request under way stands for, where it is one of this set's own.
    func run(of flight: ClaimFlight) -> Int? {
        runs[ObjectIdentifier(flight)]
    }

    /// Releases the claim for the whole request, and keeps the others.
    mutating func releaseWhole() {
        for one in taken where one.run == nil { table.release(one.key, one.flight, .refused) }
        taken.removeAll { $0.run == nil }
    }

    /// Releases everything: nothing was started.
    package func release(_ outcome: ClaimFlight.Outcome) {
        for one in taken { table.release(one.key, one.flight, outcome) }
    }

    /// The claims as the journal keeps them.
    ///
    /// - Parameter answer: What is said of a run; nil asks for what is said of the whole request.
    /// - Returns: A claim for each key that was taken, in the order taken.
    package func claims(_ answer: (Int?) -> [UInt8]) -> [Claim] {
        guard !taken.isEmpty else { return [] }
        let until = WallTime.now().advanced(by: window)
        return taken.map { one in
            Claim(
                key: one.key,
                payload: one.flight.payload,
                until: until,
                answer: answer(one.run)
            )
        }
    }

    /// Keeps everything when the start is settled, or releases it where that could not be stored: `problem` says so.
    package func settle(_ claims: [Claim], lost problem: Problem?) {
        if let problem { return release(.lost(problem)) }
        for (claim, one) in zip(claims, taken) { table.keep(claim, one.flight) }
    }
}
