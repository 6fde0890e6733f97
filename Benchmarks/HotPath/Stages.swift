import CMeasure
import CReference
import HTTPWire
import JSONWire
import Primitives
import Rendezvous

/// The stages of a callback's way between socket and match, each alone and all together, on one thread.
///
/// They are the rooms the server is made of, called as the server calls them with `store: memory`.
@safe final class Stages {
    private let count: Int
    private let bytes: Int
    private let requests: [[UInt8]]
    private let bodies: [[UInt8]]
    private let keys: [WaitKey]
    private let parser = RequestParser(limits: WireLimits(), knowsHeads: false)
    private let scanner = JSONScanner()
    private let writer = ResponseWriter()
    private let hash = FoldHash(key: (1, 2))
    private let keyName = JSONName("task_id")
    private let statusName = JSONName("status")
    private let resultName = JSONName("output")
    private var table = Stages.emptyTable()
    private var out: [UInt8] = []
    private let answer = Array(#"{"status":"delivered"}"#.utf8)
    private let options = ArriveOptions()
    private let reference: OpaquePointer

    /// Makes `count` callbacks of one size.
    init(count: Int, bytes: Int) {
        self.count = count
        self.bytes = bytes
        requests = (0..<count).map { Callback.request($0, bytes: bytes) }
        bodies = (0..<count).map { Callback.body($0, bytes: bytes) }
        keys = (0..<count).map {
            WaitKey(channel: .standard, bytes: Array(Callback.key($0).utf8))
        }
        out.reserveCapacity(1 << 16)
        unsafe reference = sluice_reference_make(count)
    }

    deinit {
        unsafe sluice_reference_free(reference)
    }

    /// The names of the stages, as `--stage` takes them.
    enum Name: String, CaseIterable {
        case http, scan, extract, match, answer, whole, reference

        /// What the stage is called in the table.
        var title: String {
            switch self {
            case .http: "HTTP: parse and check"
            case .scan: "JSON: validate"
            case .extract: "JSON: validate, find three values"
            case .match: "match: key to its waiter"
            case .answer: "answer: write the response"
            case .whole: "all together"
            case .reference: "all together, the same in C"
            }
        }
    }

    /// Measures a stage in rounds.
    func row(_ name: Name) -> Row {
        let matches = name == .match || name == .whole || name == .reference
        return Measurement.row(
            name.title,
            bytes: bytes,
            waiters: matches ? count : 0,
            count: count,
            prepare: { prepare(name) },
            body: body(name)
        )
    }

    /// Runs a stage for each callback; only the last third is counted, as a server that has run for long works: the
    /// table has grown to its size and remembers as many ends as it may.
    ///
    /// - Returns: Allocations for one callback, in hundredths, and a number that depends on what was done.
    func countedRun(_ name: Name) -> (allocations: UInt64, hash: UInt64) {
        let third = count / 3
        let body = body(name)
        table = Self.emptyTable(remembering: 2_048)
        if name == .reference { parkInC() }
        var hash: UInt64 = 0
        for turn in 0..<2 * third {
            if name != .reference, turn % third == 0 { park(turn..<turn + third) }
            hash = hash &* 31 &+ body(turn)
        }
        if name != .reference { park(2 * third..<3 * third) }
        let before = sluice_allocation_count()
        hash = hash &+ Measurement.countedTurns(third) { body(2 * third + $0) }
        let allocated = sluice_allocation_count() - before
        return (allocated * 100 / UInt64(max(1, third)), hash)
    }

    private func body(_ name: Name) -> (Int) -> UInt64 {
        switch name {
        case .http: { [self] in parse(requests[$0]) }
        case .scan: { [self] in scan(bodies[$0]) }
        case .extract: { [self] in extract(bodies[$0]) }
        case .match: { [self] in match($0) }
        case .answer: { [self] _ in respond() }
        case .whole: { [self] in whole(requests[$0]) }
        case .reference: { [self] in inC(requests[$0]) }
        }
    }

    private func prepare(_ name: Name) {
        switch name {
        case .match, .whole:
            table = Self.emptyTable()
            park(0..<count)
        case .reference: parkInC()
        default: return
        }
    }

    /// A table as the server has it with `store: memory`.
    static func emptyTable(remembering marks: Int = 4_000_000) -> WaiterTable {
        WaiterTable(
            configuration: .init(rememberedCountMax: marks, seed: (3, 4), isFinalAtOnce: true)
        )
    }

    /// Parks a waiter for some callbacks.
    private func park(_ callbacks: Range<Int>) {
        let now = Instant.now()
        let deadline = now.advanced(by: .seconds(86_400))
        for index in callbacks {
            let run = UUIDv7(
                time: WallTime(milliseconds: Int64(index)),
                random: (UInt64(index), UInt64(index) << 20)
            )
            let id = WaitID(run: run, step: 0, attempt: 1)
            _ = table.register(id, keys: [keys[index]], deadline: deadline, now: now)
        }
    }

    private func parkInC() {
        unsafe sluice_reference_clear(reference)
        for (index, key) in keys.enumerated() {
            unsafe sluice_reference_park(reference, key.bytes, key.bytes.count, UInt64(index))
        }
    }

    private func inC(_ request: [UInt8]) -> UInt64 {
        unsafe sluice_reference_take(reference, request, request.count)
    }

    private func parse(_ request: [UInt8]) -> UInt64 {
        withRequest(request) { body in UInt64(body.byteCount) }
    }

    private func scan(_ body: [UInt8]) -> UInt64 {
        scanner.read(body.span) { document in
            guard case .success(let document) = document else { return 0 }
            return UInt64(document.root.rawRange.upperBound)
        }
    }

    private func extract(_ body: [UInt8]) -> UInt64 {
        scanner.read(body.span) { document in
            guard case .success(let document) = document,
                let key = document.root.member(keyName),
                let status = document.root.member(statusName),
                let result = document.root.member(resultName)
            else { return 0 }
            return UInt64(key.rawRange.lowerBound &+ result.rawRange.upperBound)
                &+ UInt64(status.rawRange.lowerBound)
        }
    }

    private func match(_ index: Int) -> UInt64 {
        let key = keys[index].bytes
        let body = bodies[index]
        return arrive(key.span, body.span, status: nil, result: body.span)
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
                guard case .success(let document) = document else { return 0 }
                return take(document.root)
            }
        } &+ respond()
    }

    private func take(_ root: JSONElement) -> UInt64 {
        guard let key = root.member(keyName), let status = root.member(statusName),
            let result = root.member(resultName)
        else { return 0 }
        let taken = key.withStringBytes { key in
            status.withStringBytes { status in
                root.withRawBytes { bytes in
                    result.withRawBytes { arrive(key, bytes, status: status, result: $0) }
                }
            }
        }
        return (taken ?? 0) ?? 0
    }

    private func arrive(
        _ key: Span<UInt8>,
        _ bytes: Span<UInt8>,
        status: Span<UInt8>?,
        result: Span<UInt8>
    ) -> UInt64 {
        guard let sought = table.prepare(channel: .standard, key: key) else { return 0 }
        table.prefetchIndex(sought)
        let arrival = table.arrive(
            sought,
            key: key,
            fingerprint: hash.hash(0, key, bytes),
            options: options,
            now: Instant(nanoseconds: 1)
        ) {
            CallbackRecord(
                channel: .standard,
                key: key,
                status: status,
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
                    var result: UInt64 = 0
                    parser.withMessage(in: read) { _, body in result = use(body) }
                    parser.next()
                    return result
                case .needMore, .refused: return 0
                }
            }
        }
    }
}
