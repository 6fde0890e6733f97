import CMeasure
import HTTPEngine
import HTTPWire
import Loops
import Primitives

/// The engine alone: a callback's request from the socket through its connection to a handler that answers at once, and back.
///
/// A server on loopback with one loop, and a client that sends the next request when it has the answer: each read is one request,
/// so that the counts are the same from run to run.
enum EngineStage {
    /// What `--stage` calls it.
    static let name = "engine"
    /// Requests before allocations are counted: by then every buffer has its size.
    private static let warmUpCount = 200

    /// Has so many requests answered.
    ///
    /// - Returns: Allocations of the loop for one request, in hundredths.
    static func countedRun(_ count: Int) throws -> UInt64 {
        let group = try LoopGroup(threads: 1, name: "engine")
        defer { group.stop() }
        let noted = Allocations()
        let site = Site(
            name: "engine",
            addresses: [ListenAddress(host: "127.0.0.1", port: 0)],
            routes: [Route(id: 0, methods: [.post], path: "/webhooks/image/completed")]
        ) { _ in Answering(lastNumber: count, warmUpCount: warmUpCount, noted: noted) }
        let server = try HTTPServer(group: group, sites: [site], log: .silent)
        try server.start()
        defer { server.close() }
        let request = SampleCallback.request(0)
        let port = Int32(server.boundPorts[0][0])
        let code = unsafe sluice_ask(port, request, request.count, count)
        guard code == 0 else { throw Failure(code: code) }
        guard noted.all.count == 2 else { throw Failure(code: 0) }
        return (noted.all[1] - noted.all[0]) * 100 / UInt64(max(1, count - warmUpCount))
    }

    /// That the client got no answer, with the negative errno of its call.
    struct Failure: Error {
        let code: Int32
    }

    /// How much the loop's thread had allocated at two moments.
    private final class Allocations: Sendable {
        private let counts = Lock([UInt64]())

        var all: [UInt64] { counts.withLock { $0 } }

        func note() {
            counts.withLock { $0.append(sluice_allocation_count()) }
        }
    }

    /// Answers as a callback's handler does, and notes the thread's allocations behind the warm-up and at the end.
    private final class Answering: RequestHandler {
        private let answer = Array(#"{"status":"delivered"}"#.utf8)
        private let lastNumber: Int
        private let warmUpCount: Int
        private let noted: Allocations
        private var number = 0

        init(lastNumber: Int, warmUpCount: Int, noted: Allocations) {
            self.lastNumber = lastNumber
            self.warmUpCount = warmUpCount
            self.noted = noted
        }

        func handle(_ request: borrowing Request, body: RawSpan, exchange: borrowing Exchange) {
            number += 1
            if number == warmUpCount || number == lastNumber {
                noted.note()
            }
            let answer = answer
            exchange.respondFast(status: 200, body: answer.span)
        }
    }
}
