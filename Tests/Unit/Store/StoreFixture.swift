import JSONWire
import Journal
import Primitives
import Rendezvous
import Storage
import TestKit
import Workflows

@testable import Store

/// A store in a directory of its own, and short names for what records say.
final class StoreFixture {
    let directory: TemporaryDirectory
    var settings = StoreSettings()
    private(set) var store: Store
    private(set) var number: UInt64 = 0
    /// When everything happens: marks of this time are remembered for the whole test.
    let time = WallTime.now()

    init(settings: StoreSettings = StoreSettings()) throws {
        self.settings = settings
        directory = try TemporaryDirectory()
        store = try Store(directory: directory.path("s"), settings: settings, log: .silent)
    }

    deinit { store.close() }

    /// Closes the store and opens it again.
    func reopen() throws {
        store.close()
        store = try Store(directory: directory.path("s"), settings: settings, log: .silent)
    }

    /// Changes the store's file by SQL, as nobody should.
    func tamper(_ sql: String) throws {
        var file = DatabaseSettings(path: directory.path("s") + "/store.db")
        file.applicationID = StoreSchema.applicationID
        try Database(file).execute(sql)
    }

    /// Has records taken as one commit, under the next numbers, and waits until they are written.
    @discardableResult
    func take(_ records: JournalRecord...) throws -> UInt64 {
        try take(records)
    }

    /// Has records taken as one commit, under the next numbers, and waits until they are written.
    @discardableResult
    func take(_ records: [JournalRecord]) throws -> UInt64 {
        var taken: [NumberedRecord] = []
        for record in records {
            number += 1
            taken.append(NumberedRecord(number: number, record: record))
        }
        store.take(taken, through: number)
        try store.flush()
        return number
    }

    /// The waits of the store.
    func waits() throws -> Set<StoredWait> {
        var waits: Set<StoredWait> = []
        try store.forEachWait {
            waits.insert(StoredWait(id: $0, keys: $1.map(\.key), deadline: $2))
        }
        return waits
    }

    /// The marks of the store.
    func marks() throws -> [StoredMark] {
        var marks: [StoredMark] = []
        try store.forEachMark { marks.append($0) }
        return marks
    }

    /// The held callbacks of the store.
    func held() throws -> [StoredHeld] {
        var held: [StoredHeld] = []
        try store.forEachHeld { held.append($0) }
        return held
    }
}

/// Makes parts of records from small numbers.
enum Make {
    static let time = WallTime.now()

    static func run(_ number: Int) -> UUIDv7 {
        UUIDv7(time: time, random: (UInt64(number), 7))
    }

    static func wait(_ run: Int, step: Int = 1, attempt: Int = 1) -> WaitID {
        WaitID(run: Make.run(run), step: UInt32(step), attempt: UInt32(attempt))
    }

    static func key(_ text: String, channel: UInt32 = 0) -> WaitKey {
        WaitKey(channel: Channel(number: channel), bytes: Array(text.utf8))
    }

    static func plan(_ number: Int) -> Fingerprint {
        Fingerprint(high: UInt64(number), low: 99)
    }

    static func stamp(_ time: WallTime = Make.time) -> Stamp {
        Stamp(wall: time, random: (1, 2), gateways: GatewayValues([]))
    }

    /// The birth of a run whose id is given.
    static func birth(of run: UUIDv7) -> RunBirth {
        RunBirth(
            id: run,
            workflow: "w",
            plan: plan(1),
            parent: nil,
            parentAttempt: AttemptRef(step: 0, attempt: 0),
            depth: 0,
            labels: [],
            event: .start(input: .null, requestID: nil),
            stamp: stamp()
        )
    }

    static func birth(
        _ number: Int,
        workflow: String = "w",
        plan: Int = 1,
        parent: UUIDv7? = nil,
        session: String? = nil,
        request: UUIDv7? = nil,
        cause: RunCause? = nil
    ) -> RunBirth {
        RunBirth(
            id: run(number),
            workflow: workflow,
            plan: Make.plan(plan),
            parent: parent,
            parentAttempt: AttemptRef(step: parent == nil ? 0 : 3, attempt: parent == nil ? 0 : 2),
            depth: parent == nil ? 0 : 1,
            labels: session.map { RunLabels(sessionID: $0, metadata: .null)?.bytes ?? [] } ?? [],
            extras: BirthExtras(cause: cause),
            event: .start(input: .object(["n": .string("\(number)")]), requestID: request?.text),
            stamp: stamp()
        )
    }

    static func request(
        _ number: Int,
        _ status: ReceivedRequest.Status,
        key: String = "",
        time: WallTime = Make.time,
        endpoint: String = "POST :8090/a",
        bodyBytes: Int = 10,
        items: ItemPrints = ItemPrints()
    ) -> ReceivedRequest {
        ReceivedRequest(
            id: UUIDv7(time: time, random: (UInt64(number), UInt64(number) << 8)),
            time: time,
            endpoint: endpoint,
            method: "POST",
            target: "/a?n=\(number)",
            peer: "127.0.0.1",
            headers: Array("x: y\n".utf8),
            body: [UInt8](repeating: 0x61, count: bodyBytes),
            status: status,
            code: status == .rejected ? "key_missing" : "",
            note: "note \(number)",
            key: Array(key.utf8),
            replayOf: nil,
            items: items
        )
    }

    static func arrival(
        _ number: Int,
        key: WaitKey,
        _ status: ReceivedRequest.Status?,
        reusesKey: Bool = false,
        time: WallTime = Make.time,
        result: String = #"{"n":1}"#
    ) -> CallbackArrival {
        let text = String(decoding: key.bytes, as: UTF8.self)
        let known = request(number, status ?? .bulk, key: text, time: time)
        return CallbackArrival(
            callback: CallbackRecord(
                key: key,
                status: "done",
                result: Array(result.utf8),
                hasFailed: false,
                requestID: known.id
            ),
            endpoint: known.endpoint,
            fingerprint: Fingerprint(high: UInt64(number), low: 5),
            reusesKey: reusesKey,
            time: time,
            request: status == nil ? nil : known
        )
    }
}
