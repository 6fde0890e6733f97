import CMeasure
import CReference
import HTTPWire
import JSONWire
import Listeners
import Primitives
import Rendezvous

/// The stages of a callback's way between socket and answer, each alone and all together, on one thread.
///
/// All of it is the server's own code with `store: memory`. What is not in it is the connection (see ``EngineStage``) and
/// what the runs do with a callback: that is handed over at the end of a turn, which is timed and not counted.
@safe final class Stages {
    private let count: Int
    private let bytes: Int
    private let requests: [[UInt8]]
    private let bodies: [[UInt8]]
    private let keys: [[UInt8]]
    private let parser = RequestParser(limits: WireLimits(), knowsHeads: false)
    private let scanner = JSONScanner()
    private let writer = ResponseWriter()
    private var server = CallbackServer()
    private var out: [UInt8] = []
    private let answer = Array(#"{"status":"delivered"}"#.utf8)
    private let reference: OpaquePointer

    /// Makes `count` callbacks of one size.
    init(count: Int, bytes: Int) {
        self.count = count
        self.bytes = bytes
        requests = (0..<count).map { SampleCallback.request($0, bytes: bytes) }
        bodies = (0..<count).map { SampleCallback.body($0, bytes: bytes) }
        keys = (0..<count).map { Array(SampleCallback.key($0).utf8) }
        out.reserveCapacity(1 << 16)
        unsafe reference = sluice_reference_make(count)
    }

    deinit {
        unsafe sluice_reference_free(reference)
    }

    /// The names of the stages, as `--stage` takes them.
    enum Name: String, CaseIterable {
        case http, scan, read, match, decide, answer, whole, reference

        /// What the stage is called in the table.
        var title: String {
            switch self {
            case .http: "HTTP: parse and check"
            case .scan: "JSON: validate"
            case .read: "JSON: validate, read the callback"
            case .match: "JSON to the match"
            case .decide: "JSON to the decision"
            case .answer: "answer: write the response"
            case .whole: "all together"
            case .reference: "all together, the same in C"
            }
        }

        /// Whether callbacks meet their waiters.
        var matches: Bool { [.match, .decide, .whole, .reference].contains(self) }
    }

    /// So many callbacks come in one turn of a loop.
    private static let turnCount = 64

    /// Measures a stage in rounds.
    func row(_ name: Name) -> Row {
        let body = body(name)
        return Measurement.row(
            name.title,
            bytes: bytes,
            waiters: name.matches ? count : 0,
            count: count,
            prepare: { prepare(name) },
            body: { [self] turn in
                defer { if turn % Self.turnCount == Self.turnCount - 1 { endTurn(name) } }
                return body(turn)
            }
        )
    }

    /// Runs a stage for each callback; only the last third is counted, as a server that has run for long works: the
    /// table has grown to its size and remembers as many ends as it may.
    ///
    /// - Returns: Allocations for one callback, in hundredths, and a number that depends on what was done.
    func countedRun(_ name: Name) -> (allocations: UInt64, hash: UInt64) {
        let third = count / 3
        let body = body(name)
        server = CallbackServer(remembering: 2_048)
        if name == .reference { parkInC() }
        var hash: UInt64 = 0
        for turn in 0..<2 * third {
            if name != .reference, turn % third == 0 { server.park(turn..<turn + third) }
            hash = hash &* 31 &+ body(turn)
            if turn % Self.turnCount == Self.turnCount - 1 { endTurn(name) }
        }
        if name != .reference { server.park(2 * third..<3 * third) }
        endTurn(name)
        var allocated: UInt64 = 0
        for start in stride(from: 2 * third, to: 3 * third, by: Self.turnCount) {
            let before = sluice_allocation_count()
            hash =
                hash &* 31
                &+ Measurement.countedTurns(min(Self.turnCount, 3 * third - start)) {
                    body(start + $0)
                }
            allocated += sluice_allocation_count() - before
            endTurn(name)
        }
        return (allocated * 100 / UInt64(max(1, third)), hash)
    }

    /// Has what was matched in a turn go on.
    private func endTurn(_ name: Name) {
        switch name {
        case .match, .decide, .whole: server.batch.end()
        case .reference: unsafe sluice_reference_end_turn(reference)
        default: return
        }
    }

    private func body(_ name: Name) -> (Int) -> UInt64 {
        switch name {
        case .http: { [self] in parse(requests[$0]) }
        case .scan: { [self] in scan(bodies[$0]) }
        case .read:
            { [self] in read(bodies[$0]) { callback, _ in callback.verdict == .failure ? 1 : 2 } }
        case .match: { [self] in read(bodies[$0], match) }
        case .decide: { [self] in bodies[$0].withRawSpan { decide($0).number } }
        case .answer: { [self] _ in respond(200, answer) }
        case .whole: { [self] in whole(requests[$0]) }
        case .reference: { [self] in inC(requests[$0]) }
        }
    }

    private func prepare(_ name: Name) {
        switch name {
        case .match, .decide, .whole:
            server = CallbackServer()
            server.park(0..<count)
        case .reference: parkInC()
        default: return
        }
    }

    private func parkInC() {
        unsafe sluice_reference_clear(reference)
        for (index, key) in keys.enumerated() {
            unsafe sluice_reference_park(reference, key, key.count, UInt64(index))
        }
    }

    private func inC(_ request: [UInt8]) -> UInt64 {
        unsafe sluice_reference_take(reference, request, request.count)
    }

    private func parse(_ request: [UInt8]) -> UInt64 {
        withRequest(request) { _, body in UInt64(body.byteCount) }
    }

    private func scan(_ body: [UInt8]) -> UInt64 {
        scanner.read(body.span) { document in
            guard case .success(let document) = document else { return 0 }
            return UInt64(document.root.rawRange.upperBound)
        }
    }

    private func read(_ body: [UInt8], _ use: (Callback, RawSpan) -> UInt64) -> UInt64 {
        body.withRawSpan { body in
            scanner.read(body) { document in
                guard case .success(let document) = document else { return 0 }
                let root = ListenerScope.Tree.json(document.root)
                do {
                    let callback = try CallbackServer.single.read(
                        root,
                        of: root,
                        mistake: nil,
                        server.matcher,
                        .none,
                        server.gateways
                    )
                    return use(callback, body)
                } catch {
                    return 0
                }
            }
        }
    }

    private func match(_ callback: Callback, _ body: RawSpan) -> UInt64 {
        let origin = CallbackMatcher.Origin(
            endpoint: CallbackServer.single,
            requestID: UUIDv7(time: WallTime(milliseconds: 5), random: (6, 7)),
            now: Instant(nanoseconds: 1),
            batch: server.batch
        )
        server.matcher.prefetch(callback)
        return server.matcher.match(callback, body: body, origin).number
    }

    private func decide(_ body: RawSpan) -> CallbackDecision {
        server.service.decide(
            .json,
            body,
            CallbackService.Head(
                endpoint: CallbackServer.single,
                requestID: UUIDv7(time: WallTime(milliseconds: 5), random: (6, 7))
            ),
            now: Instant(nanoseconds: 1),
            scanner: scanner,
            batch: server.batch
        )
    }

    private func respond(_ status: Int, _ body: [UInt8]) -> UInt64 {
        out.removeAll(keepingCapacity: true)
        writer.writeJSON(
            ResponseContext(
                version: .http11,
                isKeptAlive: true,
                isHead: false,
                requestID: UUIDv7(time: WallTime(milliseconds: 5), random: (6, 7))
            ),
            status: status,
            body: body.span,
            to: &out
        )
        return UInt64(out.count)
    }

    private func whole(_ request: [UInt8]) -> UInt64 {
        withRequest(request) { isJSON, body in
            guard isJSON else { return 0 }
            let decision = decide(body)
            guard case .fast(let status, let answer) = decision.answer else { return 0 }
            return decision.number &* 31 &+ respond(status, answer)
        }
    }

    private func withRequest(
        _ request: [UInt8],
        _ use: (_ isJSON: Bool, RawSpan) -> UInt64
    ) -> UInt64 {
        request.withRawSpan { read in
            var offset = 0
            while true {
                switch parser.advance(read, from: &offset) {
                case .head: parser.bodyBytesMax = 1 << 20
                case .message:
                    var result: UInt64 = 0
                    parser.withMessage(in: read) { head, body in
                        let isJSON = head.withContentType { RequestBody.isJSON($0) }
                        result = use(isJSON ?? true, body)
                    }
                    parser.next()
                    return result
                case .needMore, .refused: return 0
                }
            }
        }
    }
}
