import JSONWire
import TestKit
import Testing

@Suite struct SecretTests {
    private static func configuration(_ source: String, use: String = "${secret.KEY}") -> String {
        """
        secrets: { KEY: \(source) }
        controller: { port: 8081 }
        component: { id: c, type: http-client, endpoint: "\(use)", body: "${input}" }
        workflow: { id: w, jobs: [{ id: s, component: c }] }
        """
    }

    private func check(
        _ text: String,
        environment: [String: String] = [:],
        _ arguments: [String] = []
    ) throws -> Sluice {
        let directory = try TemporaryDirectory()
        try Files.write(text, to: directory.path("sluice.yml"))
        try Files.write("s3cret-value\n", to: directory.path("key"))
        return try Sluice(
            ["check"] + arguments,
            environment: environment.mapValues { $0 == "." ? directory.path : $0 },
            directory: directory.path
        )
    }

    @Test(arguments: [
        ("{ file: key }", [:]), ("{ env: MY_KEY }", ["MY_KEY": "s3cret-value"]),
        ("{ credential: key }", ["CREDENTIALS_DIRECTORY": "."]),
    ])
    func `a secret comes from a file, a variable or a credential, and is not shown`(
        _ source: String,
        _ environment: [String: String]
    ) throws {
        let url = "https://a.example/${secret.KEY}/x"
        let result = try check(Self.configuration(source, use: url), environment: environment)
        #expect(result.status == .exited(0), "\(result.errors)")
        #expect(!(result.output + result.errors).contains("s3cret"))
    }

    @Test(arguments: [
        ("{ file: nowhere }", "nowhere cannot be read: No such file or directory"),
        ("{ env: NOT_SET_AT_ALL }", "the environment variable `NOT_SET_AT_ALL` is not set"),
        ("{ credential: key }", "CREDENTIALS_DIRECTORY is not set"),
        ("{ credential: ../key }", "CREDENTIALS_DIRECTORY is not set"),
        ("{}", "expected one of `file: PATH`, `env: NAME`, `credential: NAME`"),
        ("{ file: key, env: X }", "expected one of `file: PATH`"),
    ])
    func `a secret without a value that is used is an error`(
        _ source: String,
        _ message: String
    ) throws {
        let result = try check(Self.configuration(source))
        #expect(result.status == .exited(1))
        #expect(result.errors.contains("warning: secrets.KEY: this secret has no value"))
        #expect(result.errors.contains(message), "\(result.errors)")
        #expect(result.errors.contains("error: component.endpoint: the secret `KEY` has no value"))
        #expect(try check(Self.configuration(source), ["--fragment"]).status == .exited(0))
    }

    @Test func `a misspelt secret is answered with the nearest`() throws {
        let result = try check(Self.configuration("{ file: key }", use: "${secret.KEI}"))
        #expect(result.status == .exited(1))
        #expect(result.errors.contains("did you mean `${secret.KEY}`?"))
    }

    @Test func `secrets are no environment, and the environment no secret`() throws {
        let other = Self.configuration("{ file: key }", use: "${env.KEY}")
        #expect(try check(other).status == .exited(1))
        let wrong = "component: { id: c, type: http-client, endpoint: \"${secret.HOME}\" }"
        #expect(try check(wrong).status == .exited(1))
    }

    @Test func `a secret is in the request, and neither in the log nor in the failure`() throws {
        let service = try ScriptedService { request in
            .json(500, #"{"you_sent":"\#(request.headers["authorization"] ?? "")"}"#)
        }
        let directory = try TemporaryDirectory()
        try Files.write("s3cret-value\n", to: directory.path("key"))
        try Files.write(
            """
            secrets: { KEY: { file: key } }
            controller: { port: \(FreePorts.next()) }
            log: { level: debug }
            component:
              id: c
              type: http-client
              endpoint: \(service.url)/bot${secret.KEY}/send
              headers: { Authorization: "${secret.KEY}" }
              body: ${input}
            workflow: { id: w, jobs: [{ id: s, component: c }] }
            """,
            to: directory.path("sluice.yml")
        )
        let result = try Sluice(["run", "-i", "{}"], directory: directory.path)
        #expect(result.status == .exited(1))
        #expect(service.requests.first?.path == "/bots3cret-value/send")
        #expect(service.requests.first?.headers["authorization"] == "s3cret-value")
        #expect(result.errors.contains("answered 500"), "\(result.errors)")
        #expect(result.errors.contains("/bot…/send"))
        #expect(!(result.output + result.errors).contains("s3cret"))
    }
}
