import Configuration
import Testing

@testable import Listeners

/// Listeners have numbers by their names, in whatever order they are written.
@Suite struct ListenerNumbersTests {
    private static let first =
        #"{ type: http-callback, port: 1001, path: /a, identify_by: "${body.id}" }"#
    private static let second =
        #"{ type: http-callback, port: 1002, path: /a, identify_by: "${body.id}" }"#
    private static let named =
        #"{ type: http-callback, id: main, port: 1003, path: /a, identify_by: "${body.id}" }"#

    private func listeners(_ texts: String...) -> [ListenerSettings] {
        Loading("listeners: [ \(texts.joined(separator: ", ")) ]").configuration?.listeners ?? []
    }

    @Test func `the order changes no number`() {
        let some = listeners(Self.first, Self.second, Self.named)
        let others = listeners(Self.named, Self.second, Self.first)
        #expect(some.map(\.number) == others.reversed().map(\.number))
        #expect(Set(some.map(\.number)).count == 3)
        #expect(some.allSatisfy { $0.number >= ListenerNumbers.first })
        #expect(listeners(Self.second).map(\.number) == [some[1].number])
    }

    @Test func `an id is the whole name`() {
        let moved =
            #"{ type: http-callback, id: main, port: 2003, base_path: /x, path: /b, identify_by: k }"#
        #expect(listeners(Self.named).map(\.number) == listeners(moved).map(\.number))
    }

    @Test func `an id that is another listener's is an error at the second`() {
        let text =
            "listeners:\n- \(Self.named)\n- { type: http-trigger, id: main, port: 1004, path: /t, workflow: w }\n"
        let findings = Loading(text).findings
        #expect(
            findings.contains { $0.hasPrefix("3:29 the id `main` is another listener's already") },
            "\(findings)"
        )
    }

    @Test func `an id alone makes no endpoint`() {
        let all = Loading("listener: { type: http-callback, id: main, port: 1001 }")
        #expect(all.configuration?.listeners.first?.endpoints.count == 0)
        #expect(!all.findings.contains { $0.contains("`path` is missing") })
    }
}
