import CMeasure
import JSONWire
import Journal
import Primitives
import Rendezvous
import Store
import TestKit
import Workflows

/// Runs that begin, wait for one callback each, get it and end, as the journal hands them to the store.
struct Load {
    /// What a load came to.
    struct Cost {
        let seconds: Double
        /// Microseconds of CPU, all threads, for each callback.
        let cpu: Double
        let bytes: Int
    }

    private let directory: TemporaryDirectory
    private let store: Store
    /// How many runs begin before the first gets its callback.
    private let lag: Int
    /// Whether callbacks come in no order within so many.
    private let isShuffled: Bool
    private let time = WallTime.now()
    private let body = Array(
        #"{"id":"0199-abcdef","status":"succeeded","output":{"url":"https://images.example.com/a/b.png","seed":42}}"#
            .utf8
    )
    private let headers = Array(
        "host: hooks.example.com\ncontent-type: application/json\nuser-agent: service/1.0\n".utf8
    )

    /// Opens a store in a directory of its own.
    init(lag: Int, isShuffled: Bool) throws {
        self.lag = lag
        self.isShuffled = isShuffled
        directory = try TemporaryDirectory()
        store = try Store(directory: directory.path("s"), settings: StoreSettings(), log: .silent)
    }

    /// Has `count` runs live and waits until all of it is written.
    func run(count: Int) throws -> Cost {
        let commits = records(count: count)
        let start = Instant.now()
        let cpu = sluice_cpu_ns()
        var through: UInt64 = 0
        for commit in commits {
            through += UInt64(commit.count)
            store.take(commit, through: through)
        }
        try store.flush()
        let used = sluice_cpu_ns() - cpu
        let seconds = Double(Instant.now().since(start).count) / 1e9
        let bytes = try store.usedBytes()
        store.close()
        return Cost(seconds: seconds, cpu: Double(used) / 1000 / Double(count), bytes: bytes)
    }

    /// The records in commits of about a hundred, as a busy journal makes them.
    private func records(count: Int) -> [[NumberedRecord]] {
        var commits: [[NumberedRecord]] = []
        var commit: [NumberedRecord] = []
        var number: UInt64 = 0
        for index in 0..<(count + lag) {
            var records: [JournalRecord] = []
            if index < count { records += begin(index) }
            if index >= lag { records += end(place(index - lag)) }
            for record in records {
                number += 1
                commit.append(NumberedRecord(number: number, record: record))
            }
            guard commit.count >= 100 else { continue }
            commits.append(commit)
            commit = []
        }
        if !commit.isEmpty { commits.append(commit) }
        return commits
    }

    /// Whose callback comes at a place: the prime number leads to each run once.
    private func place(_ index: Int) -> Int {
        isShuffled ? index / lag * lag + index % lag * 48_271 % lag : index
    }

    private func begin(_ index: Int) -> [JournalRecord] {
        let birth = RunBirth(
            id: run(index),
            workflow: "images",
            plan: Fingerprint(high: 1, low: 2),
            parent: nil,
            parentAttempt: AttemptRef(step: 0, attempt: 0),
            depth: 0,
            labels: [],
            event: .start(input: .object(["prompt": .string("a cat")]), requestID: nil),
            stamp: stamp
        )
        return [
            .began([birth], []), .waiting(wait(index), keys: [key(index)], deadline: time),
        ]
    }

    private func end(_ index: Int) -> [JournalRecord] {
        let id = UUIDv7(time: time, random: (UInt64(index), UInt64(index) &* 77))
        let key = key(index)
        let request = ReceivedRequest(
            id: id,
            time: time,
            endpoint: "POST :8090/callback",
            method: "POST",
            target: "/callback",
            peer: "127.0.0.1",
            headers: headers,
            body: body,
            status: .delivered,
            code: "",
            note: "",
            key: key.bytes,
            replayOf: nil
        )
        let arrival = CallbackArrival(
            callback: CallbackRecord(
                key: key,
                status: "succeeded",
                result: body,
                hasFailed: false,
                requestID: id
            ),
            endpoint: request.endpoint,
            fingerprint: Fingerprint(high: UInt64(index), low: 3),
            reusesKey: false,
            time: time,
            request: request
        )
        return [
            .delivered(wait(index), arrival, stamp), .finished(run(index), .completed, time),
        ]
    }

    private var stamp: Stamp { Stamp(wall: time, random: (1, 2), gateways: GatewayValues([])) }

    private func run(_ index: Int) -> UUIDv7 {
        // A thousand runs in a millisecond, each with random bits of its own.
        let moment = time.advanced(by: .milliseconds(Int64(index / 1000)))
        let bits = UInt64(index) &* 0x9E37_79B9_7F4A_7C15
        return UUIDv7(time: moment, random: (bits >> 7, bits))
    }

    private func wait(_ index: Int) -> WaitID {
        WaitID(run: run(index), step: 0, attempt: 1)
    }

    private func key(_ index: Int) -> WaitKey {
        WaitKey(channel: .standard, bytes: Array(run(index).text.utf8))
    }
}
