import Configuration
import Documents
import Testing

/// One mistake is told once, and what only follows from it is not.
@Suite struct ConsequenceTests {
    @Test func `a gateway that could not be read is told once, and no gateway that is missing`() {
        let text = """
            gateway: { type: public, url: "${env.NOT_SET_HERE}", port: 8090 }
            listener: { port: 8090, path: /d, identify_by: "${body.id}" }
            component: { id: c, base_url: "${env.NOR_THIS}", path: /x, body: { u: "${gateway:8090.public_url}/d" },
              completion: { type: polling, path: /p, success_when: [200] } }
            workflow: { jobs: [ { id: a, component: c } ] }
            """
        let errors = Loading(text).diagnostics.all.filter { $0.severity == .error }.map(\.message)
        #expect(
            errors == [
                "the environment variable `NOT_SET_HERE` is not set and has no default",
                "the environment variable `NOR_THIS` is not set and has no default",
            ]
        )
    }
}
