import Testing

/// Listeners, gateways and the controller, used wrongly.
@Suite struct WrongListeningTests {
    static let wrong: [Wrong] = [
        Wrong(
            "listeners that are text",
            "listeners: all",
            [
                "1:12 found the text `all`, expected a map"
            ]
        ),
        Wrong(
            "a listener of an unknown type",
            "listener: { type: http, path: /a }",
            [
                "1:19 found the text `http`, expected one of `http-callback`, `http-trigger`"
            ]
        ),
        Wrong(
            "a listener on no port",
            #"listener: { path: /a, port: 0, identify_by: "${body.id}" }"#,
            [
                "1:29 found the integer `0`, expected an integer from 1 to 65535"
            ]
        ),
        Wrong(
            "a listener with a negative bound",
            #"listener: { path: /a, max_concurrent_count: -1, identify_by: "${body.id}" }"#,
            [
                "1:45 found the integer `-1`, expected an integer of 0 or more"
            ]
        ),
        Wrong(
            "a callback without a path",
            #"listener: { type: http-callback, callbacks: [ { identify_by: "${body.id}" } ] }"#,
            [
                "1:47 the key `path` is missing, expected the endpoint's path, such as /callback"
            ]
        ),
        Wrong(
            "a path with a query",
            #"listener: { path: "/a?b=1", identify_by: "${body.id}" }"#,
            [
                "1:19 found the text `/a?b=1`, expected a path that begins with / and has no ? or #"
            ]
        ),
        Wrong(
            "bulk that is a word",
            #"listener: { path: /a, bulk: often, identify_by: "${body.id}" }"#,
            [
                "1:29 found the text `often`, expected `true` or `false`"
            ]
        ),
        Wrong(
            "unmatched that is no word of ours",
            #"listener: { path: /a, unmatched: drop, identify_by: "${body.id}" }"#,
            [
                "1:34 found the text `drop`, expected one of `hold`, `reject`"
            ]
        ),
        Wrong(
            "a key from no source of a listener",
            #"listener: { path: /a, identify_by: "${input.id}" }"#,
            [
                "1:39 the source `input` is not available here; here are `body`, `item`, `query`, `header`, `path`, `method`, `client`, `context`, `env`, `secret`, `request`"
            ]
        ),
        Wrong(
            "success_when that is a map",
            #"listener: { path: /a, identify_by: "${body.id}", status: "${body.s}", success_when: { a: b } }"#,
            [
                "1:85 found a map, expected text or a list of texts"
            ]
        ),
        Wrong(
            "a hold_for that is none",
            #"listener: { path: /a, identify_by: "${body.id}", hold_for: ages }"#,
            [
                "1:60 found the text `ages`, expected a duration such as `250ms`, `30s`, `5m` or `1h30m`"
            ]
        ),
        Wrong(
            "an unknown key of an endpoint",
            #"listener: { callbacks: [ { path: /a, identify_by: "${body.id}", methd: GET } ] }"#,
            [
                "1:65 unknown key `methd` (method)"
            ]
        ),
        Wrong(
            "a trigger without a workflow",
            "listener: { type: http-trigger, path: /t }",
            [
                "1:1 the key `workflow` is missing, expected the id of the workflow a request starts"
            ]
        ),
        Wrong(
            "a trigger with an unknown key",
            "listener: { type: http-trigger, triggers: [ { path: /t, workflow: w, inputs: 1 } ] }",
            [
                "1:67 workflow `w` is not in this configuration",
                "1:70 unknown key `inputs` (input)",
            ]
        ),
        Wrong(
            "a trigger's input from a job",
            #"listener: { type: http-trigger, path: /t, workflow: w, input: "${jobs.a.output}" }"#,
            [
                "1:53 workflow `w` is not in this configuration",
                "1:66 the source `jobs` is not available here; here are `body`, `item`, `query`, `header`, `path`, `method`, `client`, `context`, `env`, `secret`, `request`",
            ]
        ),
        Wrong(
            "max_items of nothing",
            "listener: { type: http-trigger, path: /t, workflow: w, max_items: 0 }",
            [
                "1:53 workflow `w` is not in this configuration",
                "1:67 found the integer `0`, expected an integer from 1 to 10000000",
            ]
        ),
        Wrong(
            "a gateway without type",
            "gateway: { port: 8090 }",
            [
                "1:10 the key `type` is missing, expected `public`, `http-tunnel` or `ssh-tunnel`"
            ]
        ),
        Wrong(
            "a gateway of an unknown type",
            "gateway: { type: tunnel }",
            [
                "1:18 found the text `tunnel`, expected one of `public`, `http-tunnel`, `ssh-tunnel`"
            ]
        ),
        Wrong(
            "a public gateway without an address",
            "gateway: { type: public }",
            [
                "1:10 the key `url` is missing, expected the public address, such as https://hooks.example.com"
            ]
        ),
        Wrong(
            "a public gateway with another scheme",
            #"gateway: { type: public, url: "ftp://h" }"#,
            [
                "1:31 found the text `ftp://h`, expected a URL with http:// or https://"
            ]
        ),
        Wrong(
            "a tunnel without a driver",
            "gateway: { type: http-tunnel }",
            [
                "1:10 the key `driver` is missing, expected `ngrok` or `cloudflare`"
            ]
        ),
        Wrong(
            "a tunnel with an unknown driver",
            "gateway: { type: http-tunnel, driver: ngrokk }",
            [
                "1:39 found the text `ngrokk`, expected one of `ngrok`, `cloudflare` (ngrok)"
            ]
        ),
        Wrong(
            "an ssh tunnel without a connection",
            "gateway: { type: ssh-tunnel }",
            [
                "1:10 the key `connection` is missing, expected a map with host, port and auth"
            ]
        ),
        Wrong(
            "an ssh tunnel without a host",
            "gateway: { type: ssh-tunnel, connection: { port: 22 } }",
            [
                "1:42 the key `host` is missing, expected the host of the SSH server"
            ]
        ),
        Wrong(
            "an ssh tunnel with ports that are none",
            #"gateway: { type: ssh-tunnel, connection: { host: h }, port: "a:b" }"#,
            [
                "1:61 found the text `a:b`, expected a port from 1 to 65535"
            ]
        ),
        Wrong(
            "a gateway on no port",
            #"gateway: { type: public, url: "https://h", port: 0 }"#,
            [
                "1:50 found the integer `0`, expected a port from 1 to 65535"
            ]
        ),
        Wrong(
            "a controller that is text",
            "controller: http-server",
            [
                "1:13 found the text `http-server`, expected a map"
            ]
        ),
        Wrong(
            "an unknown adapter",
            "controller: { adapter: { type: grpc } }",
            [
                "1:32 found the text `grpc`, expected one of `http-server`, `mcp-server`, `queue-subscriber`"
            ]
        ),
        Wrong(
            "an unknown key of the adapter",
            "controller: { adapter: { type: http-server, prot: 1 } }",
            [
                "1:45 unknown key `prot` (port)"
            ]
        ),
        Wrong(
            "a controller on no port",
            "controller: { port: 0 }",
            [
                "1:21 found the integer `0`, expected an integer from 1 to 65535"
            ]
        ),
        Wrong(
            "no tokens at all",
            "controller: { tokens: [] }",
            [
                "1:23 found an empty list, expected one token or more"
            ]
        ),
        Wrong(
            "a token that cannot be sent",
            #"controller: { tokens: ["a b"] }"#,
            [
                "1:23 token 1 is empty or cannot be sent in a header, expected visible ASCII characters"
            ]
        ),
        Wrong(
            "a token without its text",
            "controller: { tokens: [ { name: ci } ] }",
            [
                "1:25 the key `token` is missing, expected the token's text"
            ]
        ),
        Wrong(
            "an origin that is none",
            "controller: { tokens: [0123456789abcdef], origins: app.example.com }",
            [
                "1:52 found the text `app.example.com`, expected `*`, or origins such as `https://app.example.com`"
            ]
        ),
        Wrong(
            "a callback_secret that is none",
            "controller: { callback_secret: whsec_! }",
            [
                "1:32 the secret must be Base64 of at least 16 bytes, as in whsec_…"
            ]
        ),
        Wrong(
            "callback_attempts of nothing",
            "controller: { callback_attempts: 0 }",
            [
                "1:34 found the integer `0`, expected an integer from 1 to 20"
            ]
        ),
        Wrong(
            "a bound of runs below zero",
            "controller: { max_concurrent_count: -1 }",
            [
                "1:37 found the integer `-1`, expected an integer from 0 to 100000000"
            ]
        ),
    ]

    @Test(arguments: wrong) func `it is told with its place`(_ wrong: Wrong) {
        #expect(Loading(wrong.text).findings.sorted() == wrong.said.sorted())
    }
}
