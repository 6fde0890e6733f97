import Listeners
import Testing

@testable import Configuration

/// A listener without `type` has the type that its keys tell.
@Suite struct ListenerTypeTests {
    /// A value for each key, so that nothing else is wrong with it.
    private static let values = [
        "callbacks": #"[ { path: /x, identify_by: "${body.id}" } ]"#,
        "triggers": "[ { path: /x, workflow: w } ]", "identify_by": #""${body.id}""#,
        "status": #""${body.s}""#, "success_when": "[a]", "fail_when": "[a]",
        "result": #""${body}""#,
        "channel": "c", "id": "x", "reuse_keys": "true", "unmatched": "reject",
        "max_held_count": "1",
        "max_held_size": "1MiB", "hold_for": "1m", "workflow": "w", "input": #""${body}""#,
        "deduplicate_for": "1h",
    ]

    private static let callbackNames = ListenerKeys.names(onlyOf: .callback)
    private static let triggerNames = ListenerKeys.names(onlyOf: .trigger)

    @Test func `the keys that tell are those that only one of both has`() {
        #expect(Set(Self.callbackNames).isSuperset(of: ["callbacks", "unmatched", "hold_for"]))
        #expect(Set(Self.callbackNames).isDisjoint(with: ["id", "port", "path", "bulk"]))
        #expect(Set(Self.triggerNames) == ["triggers", "workflow", "input", "deduplicate_for"])
    }

    private func type(_ listener: String) -> (name: String?, findings: [String]) {
        let loading = Loading(
            "listener: \(listener)\nworkflow: { id: w, jobs: [ { id: j, type: wait, wait_for: k } ] }"
        )
        return (loading.configuration?.listeners.first?.typeName, loading.findings)
    }

    private func entry(_ key: String) -> String {
        let entry = "\(key): \(Self.values[key] ?? "1")"
        return ["callbacks", "triggers"].contains(key) ? entry : "path: /x, \(entry)"
    }

    @Test(arguments: callbackNames)
    func `a key that only callback listeners have tells, also on a trigger's port`(
        _ key: String
    ) {
        #expect(Self.values[key] != nil)
        let read = type("{ port: 8091, \(entry(key)) }")
        #expect(read.name == "http-callback")
        #expect(!read.findings.contains { $0.contains("unknown key") || $0.contains("workflow") })
    }

    @Test(arguments: triggerNames)
    func `a key that only trigger listeners have tells`(_ key: String) {
        #expect(Self.values[key] != nil)
        #expect(type("{ \(entry(key)) }").name == "http-trigger")
    }

    @Test(arguments: callbackNames, triggerNames)
    func `keys of both are an error that says so`(_ callback: String, _ trigger: String) {
        let pair =
            "\(callback): \(Self.values[callback] ?? "1"), \(trigger): \(Self.values[trigger] ?? "1")"
        let findings = type("{ \(pair) }").findings
        #expect(
            findings.contains {
                $0.hasPrefix(
                    "1:1 the listener has keys of a callback listener and of a trigger listener"
                )
            },
            "\(findings)"
        )
        #expect(!findings.contains { $0.contains("unknown key") })
    }

    @Test func `keys of an endpoint alone tell nothing: the port does`() {
        #expect(type("{ port: 8091, path: /x, workflow: w }").name == "http-trigger")
        #expect(type("{ port: 8091, path: /x }").name == "http-trigger")
        #expect(type("{ port: 8090, path: /x }").name == "http-callback")
    }
}
