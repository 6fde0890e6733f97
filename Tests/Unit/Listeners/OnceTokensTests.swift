import Testing

@testable import Listeners

/// Tokens that must not come twice.
@Suite struct OnceTokensTests {
    @Test func `a token is taken once at an endpoint, and all of a request or none`() {
        var tokens = OnceTokens()
        let taken = [
            tokens.take(["a"], at: "one"), tokens.take(["a"], at: "one"),
            tokens.take(["a"], at: "two"), tokens.take(["b", "a"], at: "one"),
            tokens.take(["b"], at: "one"),
        ]
        #expect(taken == [true, false, true, false, true])
    }

    @Test func `the latest are remembered, and not all`() {
        var tokens = OnceTokens()
        for number in 0...(2 * OnceTokens.countMax) {
            _ = tokens.take(["\(number)"], at: "one")
        }
        let late = tokens.take(["\(OnceTokens.countMax + 2)"], at: "one")
        let first = tokens.take(["0"], at: "one")
        #expect(!late && first, "so memory is bounded")
    }
}
