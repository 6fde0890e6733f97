import JSONWire
import Journal
import Primitives
import Rendezvous
import Store
import Workflows

/// Makes a store with many ended runs, for what is asked of it later; every row has its checksum, as a server writes it.
struct Filling {
    private let store: Store
    /// Long enough ago that all of them have ended, and young enough that none is removed.
    private let time = WallTime(milliseconds: WallTime.now().milliseconds - 7_200_000)
    private static let plan = Fingerprint(high: 1, low: 2)
    private static let batch = 10_000

    /// Opens a new store in a directory whose parent exists.
    init(directory: String) throws {
        store = try Store(directory: directory, settings: StoreSettings(), log: .silent)
    }

    /// Writes `count` runs of two workflows, every fifth of which has failed.
    func fill(count: Int) throws {
        var number: UInt64 = 0
        var commit: [NumberedRecord] = []
        func add(_ record: JournalRecord) {
            number += 1
            commit.append(NumberedRecord(number: number, record: record))
        }
        add(.text(Self.plan, Array("workflow: { id: images }".utf8)))
        for index in 0..<count {
            let birth = birth(index)
            add(.began([birth], []))
            add(.finished(birth.id, index % 5 == 0 ? .failed : .completed, birth.stamp.wall))
            guard index % Self.batch == Self.batch - 1 || index == count - 1 else { continue }
            store.take(commit, through: number)
            try store.flush()
            commit = []
        }
        store.close()
    }

    private func birth(_ index: Int) -> RunBirth {
        let moment = time.advanced(by: .milliseconds(Int64(index / 1000)))
        let bits = UInt64(index) &* 0x9E37_79B9_7F4A_7C15
        return RunBirth(
            id: UUIDv7(time: moment, random: (bits >> 7, bits)),
            workflow: index % 3 == 0 ? "videos" : "images",
            plan: Self.plan,
            parent: nil,
            parentAttempt: AttemptRef(step: 0, attempt: 0),
            depth: 0,
            labels: [],
            event: .start(input: .object(["prompt": .string("a cat")]), requestID: nil),
            stamp: Stamp(wall: moment, random: (1, 2), gateways: GatewayValues([]))
        )
    }
}
