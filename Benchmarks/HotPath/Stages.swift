import Expressions
import HTTPWire
import JSONWire
import Primitives
import Rendezvous

/// The stages of a callback's way between socket and match, each alone and all together, on one thread.
///
/// They are the rooms the server is made of, called as the server calls them.
final class Stages {
    private let count: Int
    private let requests: [[UInt8]]
    private let bodies: [[UInt8]]
    private let keys: [WaitKey]
    private let parser = RequestParser(limits: WireLimits())
    private let scanner = JSONScanner()
    private let writer = ResponseWriter()
    private let hash = FoldHash(key: (1, 2))
    private let keyPath = [PathStep.member(JSONName("task_id"))]
    private let resultPath = [PathStep.member(JSONName("output"))]
    private var table = WaiterTable(configuration: .init(seed: (3, 4)))
    private var out: [UInt8] = []
    private let answer = Array(#"{"status":"delivered"}"#.utf8)
    private let options = ArriveOptions()

    /// Makes `count` callbacks, and a table with a waiter for each.
    init(count: Int) {
        self.count = count
        requests = (0..<count).map(Callback.request)
        bodies = (0..<count).map(Callback.body)
        keys = (0..<count).map {
            WaitKey(channel: .standard, bytes: Array(Callback.key($0).utf8))
        }
        out.reserveCapacity(1 << 16)
    }

    /// Measures every stage.
    func measure() -> [Measurement] {
        [
            Measurement("HTTP: parse the request", count: count) { parse(requests[$0]) },
            Measurement("JSON: validate, find key and result", count: count) { scan(bodies[$0]) },
            Measurement("match: key to its waiter", count: count, prepare: park) { match($0) },
            Measurement("answer: write the response", count: count) { _ in respond() },
            Measurement("all together", count: count, prepare: park) { whole(requests[$0]) },
        ]
    }

    /// Fills a new table with a waiter for every callback.
    private func park(_ round: Int) {
        table = WaiterTable(configuration: .init(seed: (3, 4)))
        let now = Instant.now()
        let deadline = now.advanced(by: .seconds(86_400))
        for (index, key) in keys.enumerated() {
            let run = UUIDv7(
                time: WallTime(milliseconds: Int64(index)),
                random: (UInt64(index), UInt64(round))
            )
            _ = table.register(
                WaitID(run: run, step: 0, attempt: 1),
                keys: [key],
                deadline: deadline,
                now: now
            )
        }
    }

    private func parse(_ request: [UInt8]) -> UInt64 {
        withRequest(request) { body in UInt64(body.byteCount) }
    }

    private func scan(_ body: [UInt8]) -> UInt64 {
        scanner.read(body.span) { document in
            guard case .success(let document) = document,
                let key = document.root.descend(keyPath),
                let result = document.root.descend(resultPath)
            else { return 0 }
            return UInt64(key.rawRange.lowerBound &+ result.rawRange.upperBound)
        }
    }

    private func match(_ index: Int) -> UInt64 {
        let key = keys[index].bytes
        let body = bodies[index]
        return arrive(key.span, body.span, result: body.span)
    }

    private func respond() -> UInt64 {
        let answer = answer
        out.removeAll(keepingCapacity: true)
        writer.writeJSON(
            AnswerLine(
                version: .http11,
                isKeptAlive: true,
                isHead: false,
                requestID: UUIDv7(time: WallTime(milliseconds: 5), random: (6, 7))
            ),
            status: 200,
            body: answer.span,
            to: &out
        )
        return UInt64(out.count)
    }

    private func whole(_ request: [UInt8]) -> UInt64 {
        withRequest(request) { body in
            scanner.read(body) { document in
                guard case .success(let document) = document,
                    let result = document.root.descend(resultPath)
                else { return 0 }
                return take(document.root, result: result)
            }
        } &+ respond()
    }

    private func take(_ root: JSONElement, result: JSONElement) -> UInt64 {
        do throws(KeyText.Problem) {
            return try KeyText.withBytes(of: root.descend(keyPath)) { key in
                root.withRawBytes { bytes in
                    result.withRawBytes { arrive(key, bytes, result: $0) }
                }
            }
        } catch {
            return 0
        }
    }

    private func arrive(
        _ key: Span<UInt8>,
        _ bytes: Span<UInt8>,
        result: Span<UInt8>
    ) -> UInt64 {
        let arrival = table.arrive(
            channel: .standard,
            key: key,
            fingerprint: hash.hash(0, key, bytes),
            options: options,
            now: Instant(nanoseconds: 1)
        ) {
            CallbackRecord(
                channel: .standard,
                key: key,
                status: nil,
                result: result,
                hasFailed: false,
                requestID: UUIDv7(time: WallTime(milliseconds: 5), random: (6, 7))
            )
        }
        guard case .delivered(let wait, let number) = arrival else { return 0 }
        table.commit(through: number)
        return wait.run.high
    }

    private func withRequest(_ request: [UInt8], _ use: (RawSpan) -> UInt64) -> UInt64 {
        request.withRawSpan { read in
            var offset = 0
            while true {
                switch parser.advance(read, from: &offset) {
                case .head: parser.bodyBytesMax = 1 << 20
                case .message:
                    let result = parser.withMessage(in: read) { _, body in use(body) }
                    parser.next()
                    return result
                case .needMore, .refused: return 0
                }
            }
        }
    }
}
