import JSONWire
import Primitives
import TestKit
import Testing

/// The load generator against a real server of ours: it counts right, and sees every run.
@Suite struct LoadTests {
    /// One scenario with what the command line says beside it, and how many runs it looks at in the end.
    struct Case: Sendable, CustomTestStringConvertible {
        let words: [String]
        let path: String
        let runs: Int

        var testDescription: String { words.joined(separator: " ") }
    }

    static let cases = [
        Case(words: ["callback", "--count", "300"], path: "/done", runs: 300),
        Case(words: ["callback", "--count", "300", "--pipeline", "16"], path: "/done", runs: 300),
        Case(words: ["callback", "--count", "301", "--threads", "3"], path: "/done", runs: 301),
        Case(words: ["callback", "--count", "100", "--rate", "2000"], path: "/done", runs: 100),
        Case(
            words: ["callback", "--count", "20", "--body-size", "70000"],
            path: "/done",
            runs: 20
        ),
        Case(words: ["callback", "--count", "20", "--body-size", "119"], path: "/done", runs: 20),
        Case(
            words: ["callback", "--count", "40", "--header", "X-Delivery: {key}"],
            path: "/done",
            runs: 40
        ),
        Case(words: ["bulk", "--count", "10", "--items", "37"], path: "/many", runs: 370),
        Case(words: ["churn", "--count", "200", "--connections", "8"], path: "/done", runs: 200),
    ]

    @Test(arguments: cases)
    func `every callback is delivered, and every run has its own result`(_ one: Case) throws {
        let server = try LoadedServer()
        let result = try Load.run(
            one.words + [
                "--url", server.url(one.path), "--start", server.startURL,
                "--controller", server.controllerURL,
            ]
        )
        #expect(result.status == .exited(0), "\(result.report.jsonText)")
        #expect(result.count("delivered") == one.runs)
        #expect(
            result.report["runs"]?.jsonText == #"{"looked_at":\#(one.runs),"good":\#(one.runs)}"#
        )
        #expect(result.report["clean"] == .bool(true))
    }

    @Test func `triggers start runs that complete`() throws {
        let server = try LoadedServer()
        let result = try Load.run([
            "trigger", "--count", "150", "--url", server.triggerURL, "--controller",
            server.controllerURL,
        ])
        #expect(result.status == .exited(0), "\(result.report.jsonText)")
        #expect(result.report["runs"]?.jsonText == #"{"looked_at":150,"good":150}"#)
    }

    @Test func `callbacks that nobody waits for are held, and the time limit ends them`() throws {
        let server = try LoadedServer()
        let result = try Load.run(["callback", "--duration", "200ms", "--url", server.url("/done")])
        #expect(result.status == .exited(0))
        #expect(result.count("held") == result.count("requests"))
        #expect(result.count("held") > 0)
    }

    @Test func `the same keys again are seen as duplicates`() throws {
        let server = try LoadedServer()
        let tag = "01a1fd8c-6900-7c3e-8b1d"
        let words = ["callback", "--count", "50", "--tag", tag, "--url", server.url("/done")]
        #expect(try Load.run(words).status == .exited(0))
        let again = try Load.run(words)
        #expect(again.count("duplicates") == 50)
        #expect(again.status == .exited(1))
    }

    @Test func `runs that got another result than their own are seen`() throws {
        let server = try LoadedServer(result: "'always the same'")
        let result = try Load.run([
            "callback", "--count", "10", "--url", server.url("/done"), "--start", server.startURL,
            "--controller", server.controllerURL,
        ])
        #expect(result.status == .exited(1))
        #expect(result.report["runs"]?.jsonText == #"{"looked_at":10,"good":0}"#)
        #expect(result.trouble.contains("without the result of its callback"))
    }
}
