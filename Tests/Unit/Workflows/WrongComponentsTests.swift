import Testing

/// Components of every type, used wrongly.
@Suite struct WrongComponentsTests {
    static let wrong: [Wrong] = [
        Wrong(
            "a base_url that is a list",
            "component: { id: c, type: http-client, base_url: [http://h], path: /x }",
            [
                "1:50 found a list, expected a URL such as `https://api.example.com/v1`"
            ]
        ),
        Wrong(
            "headers that are a list",
            #"component: { id: c, type: http-client, endpoint: "http://h/x", headers: [a] }"#,
            [
                "1:73 found a list, expected a map"
            ]
        ),
        Wrong(
            "a header that is none",
            #"component: { id: c, type: http-client, endpoint: "http://h/x", headers: { "a b": c } }"#,
            [
                "1:75 `a b` is not a valid name of a header field"
            ]
        ),
        Wrong(
            "params that are text",
            #"component: { id: c, type: http-client, endpoint: "http://h/x", params: a=b }"#,
            [
                "1:72 found the text `a=b`, expected a map"
            ]
        ),
        Wrong(
            "an unknown stream_format",
            #"component: { id: c, type: http-client, endpoint: "http://h/x", stream_format: xml }"#,
            [
                "1:79 found the text `xml`, expected one of `json`, `text`"
            ]
        ),
        Wrong(
            "a rate that is none",
            #"component: { id: c, type: http-client, endpoint: "http://h/x", rate_limit: fast }"#,
            [
                "1:76 found the text `fast`, expected a rate such as `10/s`, `60/1m` or `5/500ms`"
            ]
        ),
        Wrong(
            "a rate with an unknown key",
            #"component: { id: c, type: http-client, endpoint: "http://h/x", rate_limit: { request: 5 } }"#,
            [
                "1:78 unknown key `request` (requests)"
            ]
        ),
        Wrong(
            "a rate of nothing",
            #"component: { id: c, type: http-client, endpoint: "http://h/x", rate_limit: { requests: 0 } }"#,
            [
                "1:88 found the integer `0`, expected an integer from 1 to 1000000000"
            ]
        ),
        Wrong(
            "a negative bound",
            #"component: { id: c, type: http-client, endpoint: "http://h/x", max_concurrent_count: -1 }"#,
            [
                "1:86 found the integer `-1`, expected an integer from 0 to 1000000"
            ]
        ),
        Wrong(
            "a job's source in a component",
            #"component: { id: c, type: http-client, endpoint: "http://h/x", body: "${jobs.a.output}" }"#,
            [
                "1:73 the source `jobs` is not available here; here are `context`, `input`, `response`, `result`, `gateway`, `env`, `secret`; a job hands it to its component in its `input`"
            ]
        ),
        Wrong(
            "two actions with one id",
            #"component: { id: c, type: http-client, base_url: "http://h", actions: [ { id: a, path: /x }, { id: a, path: /y } ] }"#,
            [
                "1:94 there is another action with the id `a`"
            ]
        ),
        Wrong(
            "an action with an unknown key",
            #"component: { id: c, type: http-client, base_url: "http://h", action: { pth: /x } }"#,
            [
                "1:72 unknown key `pth` (path)"
            ]
        ),
        Wrong(
            "an after_crash that is no word",
            #"component: { id: c, type: http-client, endpoint: "http://h/x", after_crash: again }"#,
            [
                "1:77 found the text `again`, expected one of `repeat`, `fail`"
            ]
        ),
        Wrong(
            "a completion without type",
            #"component: { id: c, type: http-client, endpoint: "http://h/x", completion: { wait_for: k } }"#,
            [
                "1:76 the key `type` is missing, expected `none`, `callback` or `polling`"
            ]
        ),
        Wrong(
            "a completion of an unknown type",
            #"component: { id: c, type: http-client, endpoint: "http://h/x", completion: { type: webhook } }"#,
            [
                "1:84 found the text `webhook`, expected one of `none`, `callback`, `polling`"
            ]
        ),
        Wrong(
            "a completion that is an unknown word",
            #"component: { id: c, type: http-client, endpoint: "http://h/x", completion: webhook }"#,
            [
                "1:76 found the text `webhook`, expected `none`, `callback`, or a map with `type`"
            ]
        ),
        Wrong(
            "a completion with an unknown key",
            #"component: { id: c, type: http-client, endpoint: "http://h/x", completion: { type: callback, key: k } }"#,
            [
                "1:94 unknown key `key`"
            ]
        ),
        Wrong(
            "a completion on an unknown channel",
            #"component: { id: c, type: http-client, endpoint: "http://h/x", completion: { type: callback, wait_for: k, channel: c } }"#,
            [
                "1:116 there is no channel `c`"
            ]
        ),
        Wrong(
            "a completion at an unknown endpoint",
            #"component: { id: c, type: http-client, endpoint: "http://h/x", completion: { type: callback, wait_for: k, endpoint: /e } }"#,
            [
                "1:117 there is no callback endpoint `/e`"
            ]
        ),
        Wrong(
            "a poll without an address",
            #"component: { id: c, type: http-client, base_url: "http://h", path: /x, completion: { type: polling } }"#,
            [
                "1:84 the key `path` is missing, expected `path` or `endpoint` of the poll"
            ]
        ),
        Wrong(
            "a poll with an interval that is none",
            #"component: { id: c, type: http-client, base_url: "http://h", path: /x, completion: { type: polling, path: /p, interval: often } }"#,
            [
                "1:121 found the text `often`, expected a duration such as `250ms`, `30s`, `5m` or `1h30m`"
            ]
        ),
        Wrong(
            "a poll with both addresses",
            #"component: { id: c, type: http-client, base_url: "http://h", path: /x, completion: { type: polling, path: /p, endpoint: "http://h/p" } }"#,
            [
                "1:121 found both `endpoint` and `path`, expected one of them"
            ]
        ),
        Wrong(
            "an http-server without a program",
            "component: { id: c, type: http-server, port: 9000 }",
            [
                "1:12 `c` has no `start`, the program of an http-server and its arguments"
            ]
        ),
        Wrong(
            "an http-server whose program is a map",
            "component: { id: c, type: http-server, start: { a: b } }",
            [
                "1:47 found a map, expected text or a list of texts"
            ]
        ),
        Wrong(
            "an http-server on no port",
            "component: { id: c, type: http-server, start: [x], port: 0 }",
            [
                "1:58 found the integer `0`, expected an integer from 1 to 65535"
            ]
        ),
        Wrong(
            "an http-server with an endpoint",
            #"component: { id: c, type: http-server, start: [x], endpoint: "http://h" }"#,
            [
                "1:62 an http-server is called on its own port; it takes a `path`, not an `endpoint`"
            ]
        ),
        Wrong(
            "a shell without a command",
            "component: { id: c, type: shell }",
            [
                "1:12 `c` has no `command`, the list of a program and its arguments"
            ]
        ),
        Wrong(
            "a shell with an empty command",
            "component: { id: c, type: shell, command: [] }",
            [
                "1:43 found an empty list, expected a list of the program and its arguments"
            ]
        ),
        Wrong(
            "a shell with the switch as a word",
            "component: { id: c, type: shell, command: [x], ignore_exit_code: maybe }",
            [
                "1:66 found the text `maybe`, expected `true` or `false`"
            ]
        ),
        Wrong(
            "a shell with an unknown key",
            "component: { id: c, type: shell, command: [x], cwd: /srv }",
            [
                "1:48 unknown key `cwd`"
            ]
        ),
        Wrong(
            "a workflow component that leads nowhere",
            "component: { id: c, type: workflow, workflow: other }",
            [
                "1:47 there is no workflow `other`"
            ]
        ),
        Wrong(
            "a workflow component with an unknown key",
            "component: { id: c, type: workflow, workflow: __default__, inputs: 5 }",
            [
                "1:47 there is no workflow `__default__`",
                "1:60 unknown key `inputs` (input)",
            ]
        ),
        Wrong(
            "a logger with an unknown key",
            "component: { id: c, type: logger, msg: hello }",
            [
                "1:35 unknown key `msg`"
            ]
        ),
        Wrong(
            "a delay component that is none",
            "component: { id: c, type: delay, duration: soon }",
            [
                "1:44 found the text `soon`, expected a duration such as 5m or 1h30m"
            ]
        ),
        Wrong(
            "a component that is text",
            "component: http-client",
            [
                "1:12 found the text `http-client`, expected a map"
            ]
        ),
        Wrong(
            "components that are text",
            "components: http-client",
            [
                "1:13 found the text `http-client`, expected a list, or a map by id"
            ]
        ),
        Wrong(
            "a component whose key and id differ",
            "components: { a: { id: b, type: logger } }",
            [
                "1:15 found the id `b` under the key `a`"
            ]
        ),
        Wrong(
            "two components with one id",
            "components: [ { id: a, type: logger }, { id: a, type: logger } ]",
            [
                "1:40 there is another component with the id `a` at s.yml:1:15"
            ]
        ),
        Wrong(
            "a component without a type",
            "component: { id: c, command: [x] }",
            [
                "1:12 the component has no `type`, expected one of `http-client`, `http-server`, `shell`, `workflow`, `logger`, `delay`"
            ]
        ),
    ]

    @Test(arguments: wrong) func `it is told with its place`(_ wrong: Wrong) {
        #expect(PlanFixture(wrong.text).findings.sorted() == wrong.said.sorted())
    }
}
