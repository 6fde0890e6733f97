import JSONWire
import Primitives
import TestKit
import Testing

/// The load generator against scripted answers: it counts what is wrong, and says so.
@Suite struct LoadAnswerTests {
    @Test func `an error is counted by its status, and fails the load`() throws {
        let service = try ScriptedService { _ in .json(500, #"{"why":"broken"}"#) }
        let result = try Load.run(["callback", "--count", "20", "--url", "\(service.url)/done"])
        #expect(result.status == .exited(1))
        #expect(result.report["statuses"]?.jsonText == #"{"500":20}"#)
        #expect(result.trouble == #"an answer was 500: {"why":"broken"}"#)
    }

    @Test(arguments: [(true, 0), (false, 20)])
    func `a 503 without Retry-After is told`(_ hasRetryAfter: Bool, _ silent: Int) throws {
        let service = try ScriptedService { _ in
            var answer = ScriptedAnswer.status(503)
            if hasRetryAfter { answer.headers = [("Retry-After", "1")] }
            return answer
        }
        let result = try Load.run(["callback", "--count", "20", "--url", "\(service.url)/done"])
        #expect(result.count("shed_silently") == silent)
        #expect(result.status == .exited(1))
    }

    @Test func `a server that closes after every answer is connected to again`() throws {
        let service = try ScriptedService { _ in
            var answer = ScriptedAnswer.json(200, "{}")
            answer.closes = true
            return answer
        }
        let result = try Load.run([
            "callback", "--count", "40", "--connections", "4", "--url", "\(service.url)/done",
        ])
        #expect(result.status == .exited(0), "\(result.report.jsonText)")
        #expect(service.requests.count == 40)
    }

    @Test func `an answer in chunks is read`() throws {
        let service = try ScriptedService { _ in
            var answer = ScriptedAnswer.status(200)
            // The kit writes a length too; the coding counts.
            answer.headers = [("Transfer-Encoding", "chunked")]
            answer.body = Array(
                "18;x=y\r\n{\"status\":\"delivered\",  \r\n1\r\n}\r\n0\r\nA: b\r\n\r\n".utf8
            )
            return answer
        }
        let result = try Load.run([
            "callback", "--count", "10", "--connections", "1", "--url", "\(service.url)/done",
        ])
        #expect(result.status == .exited(0), "\(result.report.jsonText)")
        #expect(result.count("delivered") == 10)
    }

    @Test func `requests whose connection is closed without an answer are lost`() throws {
        let service = try ScriptedService { _ in .hangUp }
        let result = try Load.run([
            "callback", "--count", "5", "--connections", "1", "--url", "\(service.url)/done",
        ])
        #expect(result.status == .exited(1))
        #expect(result.count("lost") == 5)
    }

    @Test func `nobody listening is told`() throws {
        // Often: the refusal may come before the load begins to send, or after.
        for _ in 0..<20 {
            let port = FreePorts.next()
            let result = try Load.run([
                "callback", "--count", "5", "--connections", "1", "--url",
                "http://127.0.0.1:\(port)/",
            ])
            #expect(result.status == .exited(1))
            #expect(result.trouble.contains("refused"))
        }
    }

    @Test func `in an open loop latency counts from the moment a request was due`() throws {
        // The first answer is held back until another load, which takes 100 ms, is through.
        let other = try ScriptedService { _ in .json(200, "{}") }
        let service = try ScriptedService { request in
            if request.number == 1 {
                let words = ["callback", "--rate", "500", "--count", "50", "--url", other.url]
                do {
                    _ = try Load.run(words)
                } catch {
                    return .status(500)
                }
            }
            return .json(200, "{}")
        }
        let result = try Load.run([
            "callback", "--rate", "500", "--count", "50", "--connections", "1", "--url",
            service.url,
        ])
        #expect(result.status == .exited(0), "\(result.report.jsonText)")
        // Half of them were due while the connection was taken: their waiting is theirs.
        let median = Load.Result.integer(result.report["latency_ns"]?["p50"])
        #expect(median > 20_000_000)
    }
}
