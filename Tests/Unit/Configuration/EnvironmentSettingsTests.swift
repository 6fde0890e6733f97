import Testing

/// Settings that are fixed at load take their values from the environment, whatever kind they are.
@Suite struct EnvironmentSettingsTests {
    /// A setting: a configuration with `VALUE` in it, and a value that is not the default.
    struct Setting: Sendable, CustomTestStringConvertible {
        let text: String
        let value: String
        var testDescription: String { text.replacing("\n", with: " / ") }

        init(_ text: String, _ value: String) {
            self.text = text
            self.value = value
        }
    }

    private static let call = "component:\n  type: http-client\n  endpoint: http://h/x\n"
    private static let listener = "listener:\n  path: /a\n  identify_by: ${body.id}\n"
    private static let job = call + "workflow:\n  job:\n    component: __component__\n"

    static let settings: [Setting] = [
        // Counts, sizes, durations, rates.
        Setting("server:\n  threads: VALUE\n", "3"),
        Setting("server:\n  max_body_size: VALUE\n", "2MiB"),
        Setting("server:\n  idle_timeout: VALUE\n", "7s"),
        Setting("server:\n  min_body_rate: VALUE\n", "17"),
        Setting("store:\n  remember_for: VALUE\n", "5m"),
        Setting("store:\n  path: VALUE\n", "/srv/sluice"),
        Setting("store:\n  durability: VALUE\n", "relaxed"), Setting("store: VALUE\n", "memory"),
        Setting("executor:\n  max_active_runs: VALUE\n", "77"),
        Setting("client:\n  timeout: VALUE\n", "1m30s"),
        Setting("programs:\n  max_output_size: VALUE\n", "4KiB"),
        // Words.
        Setting("log:\n  level: VALUE\n", "debug"), Setting("log:\n  format: VALUE\n", "json"),
        // Listeners: ports, texts, booleans, lists.
        Setting(listener + "  port: VALUE\n", "8111"),
        Setting(listener + "  host: VALUE\n", "127.0.0.3"),
        Setting(listener + "  base_path: VALUE\n", "/hooks"),
        Setting("listener:\n  identify_by: ${body.id}\n  path: VALUE\n", "/there"),
        Setting(listener + "  bulk: VALUE\n", "true"),
        Setting(listener + "  method: VALUE\n", "PUT"),
        Setting(listener + "  hold_for: VALUE\n", "9s"),
        Setting(listener + "  max_held_size: VALUE\n", "1MiB"),
        Setting(listener + "  unmatched: VALUE\n", "reject"),
        Setting(listener + "  channel: VALUE\n", "mine"),
        Setting(
            listener + "  status: ${body.s}\n  fail_when: [bad]\n  success_when: VALUE\n",
            "ok"
        ),
        Setting(
            "listener:\n  type: http-trigger\n  workflow: w\n  path: /t\n  max_items: VALUE\n"
                + call + "workflow:\n  id: w\n  job: {}\n",
            "12"
        ),
        // The controller.
        Setting("controller:\n  port: VALUE\n", "8181"),
        Setting("controller:\n  adapter:\n    type: http-server\n    base_path: VALUE\n", "/api"),
        Setting("controller:\n  max_concurrent_count: VALUE\n", "4"),
        Setting("controller:\n  callback_timeout: VALUE\n", "3s"),
        // Gateways.
        Setting("gateway:\n  type: public\n  url: https://h.example\n  port: VALUE\n", "8123"),
        // Components.
        Setting(call + "  timeout: VALUE\n", "11s"),
        Setting(call + "  max_concurrent_count: VALUE\n", "2"),
        Setting(call + "  rate_limit: VALUE\n", "5/s"),
        Setting(call + "  rate_limit:\n    requests: VALUE\n", "5"),
        Setting(call + "  stream_format: VALUE\n", "json"),
        Setting(
            call + "  completion:\n    type: polling\n    path: /p\n    interval: VALUE\n",
            "2s"
        ),
        Setting(
            "component:\n  type: http-server\n  start: [x]\n  port: VALUE\n",
            "9191"
        ),
        Setting("component:\n  type: http-server\n  start: [x]\n  working_dir: VALUE\n", "/srv"),
        Setting("component:\n  type: http-server\n  start:\n    - x\n    - VALUE\n", "y"),
        Setting("component:\n  type: http-server\n  start: [x]\n  env:\n    A: VALUE\n", "y"),
        Setting("component:\n  type: shell\n  command: [x]\n  ignore_exit_code: VALUE\n", "true"),
        Setting("component:\n  type: delay\n  duration: VALUE\n", "8s"),
        Setting(
            "component:\n  type: delay\n  time: 2026-01-01T00:00:00\n  timezone: VALUE\n",
            "+09:00"
        ),
        // Jobs.
        Setting(job + "    timeout: VALUE\n", "13s"), Setting(job + "    retry: VALUE\n", "3"),
        Setting(
            job + "    retry:\n      max_attempt_count: 3\n      backoff: VALUE\n",
            "exponential"
        ),
        Setting(job + "    retry:\n      max_attempt_count: 3\n      on: VALUE\n", "http_status"),
        Setting(job + "    max_run_count: VALUE\n", "6"),
        Setting(call + "workflow:\n  job: {}\n  timeout: VALUE\n", "14s"),
    ]

    @Test(arguments: settings)
    func `a setting may come from the environment`(_ setting: Setting) {
        func text(_ value: String) -> String { setting.text.replacing("VALUE", with: value) }
        let literal = Loading(text(setting.value)).everything
        let given = Loading(text("${env.GIVEN}"), environment: ["GIVEN": setting.value])
        #expect(given.everything == literal, "\(given.findings)")
        let fallback = Loading(text("${env.ABSENT | \"\(setting.value)\"}"))
        #expect(fallback.everything == literal, "\(fallback.findings)")
        #expect(Loading(text("null")).everything != literal, "the setting changes nothing")
    }

    @Test(arguments: [
        (
            "server:\n  threads: VALUE\n",
            "2:12 found the text `wrong` from `${env.GIVEN}`, expected an integer from 0 to 1024"
        ),
        (
            "server:\n  max_body_size: VALUE\n",
            "2:18 found the text `wrong` from `${env.GIVEN}`, expected a size such as `512KiB`, `64MiB` or `1048576`"
        ),
        (
            "client:\n  timeout: VALUE\n",
            "2:12 found the text `wrong` from `${env.GIVEN}`, expected a duration such as `250ms`, `30s`, `5m` or `1h30m`"
        ),
        (
            listener + "  port: VALUE\n",
            "4:9 found the text `wrong` from `${env.GIVEN}`, expected an integer from 1 to 65535"
        ),
        (
            listener + "  bulk: VALUE\n",
            "4:9 found the text `wrong` from `${env.GIVEN}`, expected `true` or `false`"
        ),
        (
            "log:\n  format: VALUE\n",
            "2:11 found the text `wrong` from `${env.GIVEN}`, expected one of `text`, `json`"
        ),
        (
            "listener:\n  identify_by: ${body.id}\n  path: VALUE\n",
            "3:9 found the text `wrong` from `${env.GIVEN}`, expected a path that begins with / and has no ? or # (/wrong)"
        ),
        (
            call + "  rate_limit: VALUE\n",
            "4:15 found the text `wrong` from `${env.GIVEN}`, expected a rate such as `10/s`, `60/1m` or `5/500ms`"
        ),
        (
            "store: VALUE\n",
            "1:8 found `wrong`, expected `sqlite` or `memory`"
        ),
    ])
    func `a wrong value is told with the variable it came from`(text: String, message: String) {
        let text = text.replacing("VALUE", with: "${env.GIVEN}")
        let findings = Loading(text, environment: ["GIVEN": "wrong"]).findings
        #expect(findings.contains(message), "\(findings)")
    }

    @Test(arguments: [
        ("${env.GIVN}", "the environment variable `GIVN` is not set"),
        ("${input.port}", "`input` is not available here"),
    ])
    func `what no variable gives is told as in every expression`(written: String, part: String) {
        let text = "server:\n  threads: \(written)\n"
        let findings = Loading(text, environment: ["GIVEN": "1"]).findings
        #expect(findings.count == 1 && findings[0].contains(part), "\(findings)")
    }

    @Test func `a value that names a secret is not told`() {
        let text = "secrets:\n  port: {env: HIDDEN}\nserver:\n  threads: ${secret.port}\n"
        let findings = Loading(text, environment: ["HIDDEN": "s3cret"]).findings
        #expect(
            findings == [
                "4:12 found text from `${secret.port}`, expected an integer from 0 to 1024"
            ]
        )
    }
}
