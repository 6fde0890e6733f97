import Testing

@testable import Listeners

@Suite struct StatusRuleTests {
    @Test(
        arguments: [
            ("done", ["done"], ["bad"], Verdict.success),
            ("bad", ["done"], ["bad"], .failure),
            ("working", ["done"], ["bad"], .progress),
            ("working", ["done"], nil, .progress),
            ("working", nil, ["bad"], .success),
            ("bad", nil, ["bad"], .failure),
            ("", ["done"], nil, .progress),
            ("anything", nil, nil, .success),
            ("both", ["both"], ["both"], .success),
        ] as [(String, [String]?, [String]?, Verdict)]
    )
    func `a status says what the lists make of it`(
        _ status: String,
        _ success: [String]?,
        _ failure: [String]?,
        _ expected: Verdict
    ) {
        let rule = StatusRule(successWhen: success, failWhen: failure)
        #expect(rule.verdict(Array(status.utf8).span) == expected)
    }
}
