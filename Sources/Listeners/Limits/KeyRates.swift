internal import HTTPEngine
internal import Primitives

/// Refuses callbacks of an endpoint whose key comes too often, once the key is known and before anything is matched.
///
/// On any thread; one for each endpoint that has such a rule.
package final class KeyRates: Sendable {
    private let table = RateTable()
    private let rules: [(rule: RateRule, pace: RatePace)]

    /// Counts by the rules for keys; nil where there is none.
    init?(_ rules: [RateRule]) {
        self.rules = rules.filter { $0.scope == .key }.map { ($0, RatePace($0)) }
        if self.rules.isEmpty { return nil }
    }

    /// Counts a callback; gives 429 where its key came too often.
    func refusal(of key: Span<UInt8>, at now: Instant = .now()) -> Problem? {
        for (index, one) in rules.enumerated() {
            let number = UInt32(truncatingIfNeeded: index)
            if let wait = table.take(key, rule: number, one.pace, at: now) {
                return one.rule.refusal(early: wait)
            }
        }
        return nil
    }
}
