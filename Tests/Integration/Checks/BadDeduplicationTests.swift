import Testing

/// Wrong ways to say how repeated requests are told.
@Suite struct BadDeduplicationTests {
    private static let rest = """
        component: { id: c, type: http-client, endpoint: "http://127.0.0.1:9/x" }
        workflow: { id: w, jobs: [ { id: a, component: c } ] }

        """

    private static func trigger(_ more: String) -> String {
        "listener:\n  type: http-trigger\n  path: /a\n  workflow: w\n  \(more)\n" + rest
    }

    private static func callback(_ more: String) -> String {
        "listener:\n  type: http-callback\n  path: /a\n  identify_by: ${body.id}\n  \(more)\n"
            + rest
    }

    private static let forms =
        "expected an expression such as `${body.id}`, or one of `github`, `stripe`, `standard`, "
        + "`cloudevents`"
    private static let many =
        "and this endpoint takes many items at once: all of them would be one; "
        + "expected an expression over `item`"

    @Test(arguments: [
        (
            trigger("deduplicate_by: githib"),
            "5:19: error: listener.deduplicate_by: found the text `githib`, \(forms)"
        ),
        (trigger("deduplicate_by: githib"), "did you mean `github`?"),
        (
            trigger("deduplicate_by: 5"),
            "5:19: error: listener.deduplicate_by: found the integer `5`, \(forms)"
        ),
        (trigger("deduplicate_by: ${bdy.id}"), "error:"),
        (
            trigger("bulk: true\n  deduplicate_by: github"),
            "6:19: error: listener.deduplicate_by: `github` names the whole request, \(many)"
        ),
        (
            trigger("bulk: true\n  deduplicate_by: standard"),
            "6:19: error: listener.deduplicate_by: `standard` names the whole request, \(many)"
        ),
        (
            trigger("bulk: true\n  deduplicate_by: ${header.x-id}"),
            "6:19: error: listener.deduplicate_by: `deduplicate_by` names nothing of `item`, \(many)"
        ),
        (
            trigger("deduplicate_for: 0s"),
            "5:20: error: listener.deduplicate_for: found the text `0s`, expected a duration of more than 0, such as `24h`"
        ),
        (
            trigger("deduplicate_for: soon"),
            "5:20: error: listener.deduplicate_for: found the text `soon`, expected a duration"
        ),
        (trigger("deduplicate_bi: ${body.id}"), "did you mean `deduplicate_by`?"),
        (callback("deduplicate_by: strip"), "did you mean `stripe`?"),
        (
            callback("deduplicate_for: 1h"),
            "5:20: error: listener.deduplicate_for: `deduplicate_for` belongs to trigger endpoints: callbacks are remembered "
                + "for `store.remember_for`"
        ),
        (
            "store: { max_claims_size: many }\n",
            "1:27: error: store.max_claims_size: found the text `many`, expected a size"
        ),
        (
            "controller: { deduplicate_for: -1s }\n",
            "1:32: error: controller.deduplicate_for: found the text `-1s`, expected a duration"
        ),
    ]) func `it is refused with its place`(_ text: String, _ said: String) {
        let loaded = Loaded(text: text)
        #expect(loaded.hasErrors)
        #expect(loaded.findings.contains(said), "\(loaded.findings)")
    }

    @Test(arguments: [
        trigger("deduplicate_by: github\n  deduplicate_for: 7d"),
        trigger("deduplicate_by: cloudevents\n  bulk: true"),
        trigger("deduplicate_by: stripe\n  bulk: true"),
        trigger("deduplicate_by: ['${body.a}', '${header.x-b}']"),
        callback("deduplicate_by: standard"),
        callback("deduplicate_by: '${header.x-request-id | body.event}'"),
    ]) func `the right ways load`(_ text: String) {
        let loaded = Loaded(text: text)
        #expect(!loaded.hasErrors, "\(loaded.findings)")
    }
}
