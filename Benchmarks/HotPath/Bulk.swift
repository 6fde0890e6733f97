import HTTPWire
import JSONWire
import Listeners
import Primitives

/// A bulk body, decided by the server's own service: validated once, then every item read and matched.
final class Bulk {
    private let body: [UInt8]
    private let count: Int
    private let scanner = JSONScanner()
    private var server = CallbackServer()

    /// Makes a body of so many items.
    init(count: Int) {
        self.count = count
        body = SampleCallback.bulk(count)
    }

    /// Measures one item.
    func row() -> Row {
        Measurement.row(
            "bulk: one item, validated and matched",
            bytes: body.count,
            waiters: count,
            count: 1,
            each: count,
            prepare: park,
            body: { [self] _ in take() }
        )
    }

    private func park() {
        server = CallbackServer()
        server.park(0..<count, at: CallbackServer.bulk)
    }

    private func take() -> UInt64 {
        let decision = body.withRawSpan { body in
            server.service.decide(
                .json,
                body,
                CallbackService.Head(
                    endpoint: CallbackServer.bulk,
                    requestID: UUIDv7(high: 1, low: 2)
                ),
                now: Instant(nanoseconds: 1),
                scanner: scanner,
                batch: server.batch
            )
        }
        server.batch.end()
        guard case .fast(_, let answer) = decision.answer else { return 0 }
        return answer.reduce(decision.number) { $0 &* 31 &+ UInt64($1) }
    }
}
