import Testing

/// The blocks of the process and its secrets, used wrongly.
@Suite struct WrongProcessTests {
    static let wrong: [Wrong] = [
        Wrong(
            "server that is a list",
            "server: [1]",
            [
                "1:9 found a list, expected a map"
            ]
        ),
        Wrong(
            "a server's unknown key",
            "server: { thread: 1 }",
            [
                "1:11 unknown key `thread` (threads)"
            ]
        ),
        Wrong(
            "threads below zero",
            "server: { threads: -1 }",
            [
                "1:20 found the integer `-1`, expected an integer from 0 to 1024"
            ]
        ),
        Wrong(
            "a size that is none",
            "server: { max_body_size: big }",
            [
                "1:26 found the text `big`, expected a size such as `512KiB`, `64MiB` or `1048576`"
            ]
        ),
        Wrong(
            "a store that is not there",
            "store: redis",
            [
                "1:8 found `redis`, expected `sqlite` or `memory`"
            ]
        ),
        Wrong(
            "a durability that is none",
            "store: { durability: always }",
            [
                "1:22 found the text `always`, expected one of `commit`, `relaxed`"
            ]
        ),
        Wrong(
            "a store's unknown key",
            "store: { typ: memory }",
            [
                "1:10 unknown key `typ` (type)"
            ]
        ),
        Wrong(
            "an executor's unknown key",
            "executor: { workers: 1 }",
            [
                "1:13 unknown key `workers`"
            ]
        ),
        Wrong(
            "a depth of nothing",
            "executor: { max_workflow_depth: 0 }",
            [
                "1:33 found the integer `0`, expected an integer from 1 to 1000"
            ]
        ),
        Wrong(
            "a client's timeout that is none",
            "client: { timeout: never }",
            [
                "1:20 found the text `never`, expected a duration such as `250ms`, `30s`, `5m` or `1h30m`"
            ]
        ),
        Wrong(
            "a programs' size that is none",
            "programs: { max_output_size: 1XB }",
            [
                "1:30 found the text `1XB`, expected a size such as `512KiB`, `64MiB` or `1048576`"
            ]
        ),
        Wrong(
            "a log level that is none",
            "log: { level: loud }",
            [
                "1:15 found the text `loud`, expected one of `debug`, `info`, `warning`, `error`"
            ]
        ),
        Wrong(
            "a log format that is none",
            "log: { format: xml }",
            [
                "1:16 found the text `xml`, expected one of `text`, `json`"
            ]
        ),
        Wrong(
            "secrets that are a list",
            "secrets: [a]",
            [
                "1:10 found a list, expected a map"
            ]
        ),
        Wrong(
            "a secret without a source",
            "secrets: { a: { } }",
            [
                "1:1 there is no listener and no workflow: nothing can be received or run",
                "1:12 this secret has no value: expected one of `file: PATH`, `env: NAME`, `credential: NAME`",
            ]
        ),
        Wrong(
            "a secret with two sources",
            "secrets: { a: { env: A, file: b } }",
            [
                "1:1 there is no listener and no workflow: nothing can be received or run",
                "1:12 this secret has no value: expected one of `file: PATH`, `env: NAME`, `credential: NAME`",
            ]
        ),
        Wrong(
            "a secret with an unknown key",
            "secrets: { a: { path: /x } }",
            [
                "1:12 this secret has no value: expected one of `file: PATH`, `env: NAME`, `credential: NAME`",
                "1:17 unknown key `path`",
            ]
        ),
        Wrong(
            "a secret whose file is not there",
            "secrets: { a: { file: /nowhere/at/all } }",
            [
                "1:1 there is no listener and no workflow: nothing can be received or run",
                "1:12 this secret has no value: /nowhere/at/all cannot be read: No such file or directory",
            ]
        ),
        Wrong(
            "a secret that is a path",
            "secrets: { a: { credential: ../x } }",
            [
                "1:1 there is no listener and no workflow: nothing can be received or run",
                "1:12 this secret has no value: no credentials were handed over: CREDENTIALS_DIRECTORY is not set; systemd sets it with LoadCredential=../x:PATH",
            ]
        ),
        Wrong(
            "a secret that is not declared",
            #"secrets: { a: { env: HOME } }\#ncomponent: { type: http-client, endpoint: "http://h/${secret.b}" }"#,
            [
                "1:12 this secret has no value: the environment variable `HOME` is not set",
                "2:53 the secret `b` has no value: `secrets:` does not name it, or it cannot be read",
            ]
        ),
    ]

    @Test(arguments: wrong) func `it is told with its place`(_ wrong: Wrong) {
        #expect(Loading(wrong.text).findings.sorted() == wrong.said.sorted())
    }
}
