import Primitives
import Rendezvous
import TestKit
import Testing
import Workflows

@testable import Journal
@testable import Store

/// A fixed piece of a store's life, on a file layer whose calls may fail, with what stands for the log beside it.
final class StoreTour {
    /// Which piece.
    enum Kind: String, CaseIterable, Sendable {
        /// A new store takes records of every kind.
        case filling
        /// A store with much that is old is opened, takes what is in the log alone, and removes what is old; it is copied.
        case opening
        /// A store of version 1 is opened.
        case migration
        /// A store of version 2 is opened.
        case laterMigration
    }

    private let kind: Kind
    private let directory: TemporaryDirectory
    private let settings: StoreSettings
    /// The tour without a fault; nil for that one itself.
    private let sound: StoreTour?
    /// What the log has, as far as it was not told to let go of it.
    private let log: Watched<[NumberedRecord]>
    private var runs: [UUIDv7] = []
    private var secrets: StoreSecrets?
    /// What was told on the way.
    private(set) var troubles: [StoreError] = []
    /// What was read on the way, by the place where.
    private var seen: [String: [String]] = [:]
    private var end: [String] = []

    private static let day = Nanoseconds.seconds(86_400)

    init(_ kind: Kind, like sound: StoreTour?) throws {
        self.kind = kind
        self.sound = sound
        var settings = StoreSettings()
        if kind == .migration || kind == .laterMigration {
            settings.retention = .seconds(1 << 30)
            settings.rememberFor = .seconds(1 << 30)
        }
        self.settings = settings
        log = Watched([])
        directory = try TemporaryDirectory()
        switch kind {
        case .filling: addToLog(Self.present, after: 0)
        case .opening: try prepare()
        case .migration: try unpack("version-1-killed")
        case .laterMigration: try unpack("version-2-killed")
        }
    }

    private var path: String { directory.path("store") }
    private var copy: String { directory.path("copy.db") }

    /// A store in which much is old, and with a log that is ahead of it.
    private func prepare() throws {
        let store = try Store(directory: path, settings: settings, log: .silent)
        secrets = store.secrets
        var number: UInt64 = 0
        // What is old has chunks of its own.
        for records in [Self.past, Self.present] {
            let numbered = records.enumerated().map {
                NumberedRecord(number: number + UInt64($0.offset) + 1, record: $0.element)
            }
            number += UInt64(records.count)
            store.take(numbered, through: number)
            try store.flush()
        }
        store.close()
        addToLog(Self.late, after: number)
    }

    private func unpack(_ name: String) throws {
        let file = PackageRoot.path("Tests/Integration/Data/stores/\(name).tar.gz")
        let tar = try ChildProgram("/bin/tar", ["-xzf", file, "-C", directory.path])
        try #require(try tar.waitForExit() == .exited(0), "\(tar.errors)")
        Files.removeTree(path + "/log")
    }

    private func addToLog(_ records: [JournalRecord], after number: UInt64) {
        log.withLock { log in
            for record in records {
                let next = number + UInt64(log.count) + 1
                log.append(NumberedRecord(number: next, record: record))
            }
        }
    }
}

/// The way itself.
extension StoreTour {
    /// Goes the way as far as it is open, and notes what is in it.
    func travel() {
        guard
            let store = attempt({ () throws(StoreError) in try self.open() })
                ?? attempt({ () throws(StoreError) in try self.open() })
        else { return }
        defer { store.close() }
        attempt { () throws(StoreError) in try store.noteLog() }
        store.start { [log] through in
            log.withLock { $0.removeAll { $0.number <= through } }
        }
        look("opened", store)
        if kind == .filling {
            let records = log.withLock { $0 }
            for half in [records.prefix(records.count / 2), records.dropFirst(records.count / 2)] {
                guard let last = half.last else { continue }
                store.take(Array(half), through: last.number)
                let isFlushed =
                    flush(store) || flush(store)
                if isFlushed { look("\(last.number)", store) }
            }
        }
        ask(store)
        attempt { [copy] () throws(StoreError) in try store.backUp(to: copy) }
    }

    /// Opens the store as a server does: with what the log has and the store has not.
    private func open(fileLayer: String? = "fault") throws(StoreError) -> Store {
        let store = try Store(
            directory: path,
            settings: settings,
            log: .silent,
            fileLayer: fileLayer
        )
        do throws(StoreError) {
            // Once they were told they are the store's for good.
            if let secrets { #expect(store.secrets == secrets) } else { secrets = store.secrets }
            guard kind != .filling || fileLayer == nil else { return store }
            let records = log.withLock { $0 }
            for record in records { try store.replay(record) }
            try store.finishReplay(through: records.last?.number ?? store.completeThrough)
        } catch {
            store.close()
            throw error
        }
        return store
    }

    /// What people and a start ask; what is told is compared with what is told without a fault.
    private func ask(_ store: Store) {
        attempt { () throws(StoreError) in _ = try store.stats() }
        attempt { () throws(StoreError) in _ = try store.keyStory(Array("k2".utf8)) }
        attempt { () throws(StoreError) in _ = try store.runs(RunQuery()) }
        if let problems = attempt({ () throws(StoreError) in try store.check() }) {
            #expect(problems == [], "checked on the way")
        }
    }

    private func look(_ place: String, _ store: Store) {
        guard let read = attempt({ [self] () throws(StoreError) in try living(store) }) else {
            return
        }
        seen[place] = read
        if let sound { #expect(read == sound.seen[place], "read at \(place)") }
    }

    private func flush(_ store: Store) -> Bool {
        attempt { () throws(StoreError) -> Bool in
            try store.flush()
            return true
        } ?? false
    }

    @discardableResult
    private func attempt<Result>(_ body: () throws(StoreError) -> Result) -> Result? {
        do throws(StoreError) {
            return try body()
        } catch {
            troubles.append(error)
            return nil
        }
    }
}

/// What is true at the end.
extension StoreTour {
    /// What went wrong is told as trouble with the disk, and never as damage or a mistake.
    func expectToldAsTrouble(_ place: String) {
        for trouble in troubles {
            let isTrouble = [.io, .cannotOpen, .busy].contains(trouble.kind)
            #expect(isTrouble, "\(place): \(trouble)")
        }
    }

    /// Opens the store on a sound disk: it is whole, and what it holds is what it holds without a fault.
    func arrive(_ place: String) throws {
        if Files.exists(copy) {
            let problems = try StoreInspection(file: copy).check()
            #expect(problems == [], "the copy, \(place)")
        }
        let left = try Files.below(directory.path).filter { $0.contains("copy.db") }
        #expect(left.isEmpty || left == ["copy.db"], "\(place): \(left)")
        let store = try open(fileLayer: nil)
        defer { store.close() }
        try store.flush()
        let expected = sound?.end
        try eventually("what is old goes: \(place)") {
            end = try living(store) + all(store)
            return expected == nil ? try isTidy(store) : end == expected
        }
        let problems = try store.check()
        #expect(problems == [], "\(place)")
    }

    /// Whether what is old is gone.
    private func isTidy(_ store: Store) throws -> Bool {
        guard kind == .opening else { return true }
        return try Self.pastRuns.allSatisfy { try store.run($0) == nil }
            && store.requests(LedgerQuery()).allSatisfy { $0.time > Self.old }
            && store.stats().claims == 2
    }

    /// What does not depend on what is removed for being old.
    private func living(_ store: Store) throws(StoreError) -> [String] {
        var lines: [String] = []
        var query = RunQuery()
        query.limit = 1000
        for line in try store.runs(query) where !Self.pastRuns.contains(line.id) {
            guard let run = try store.run(line.id) else {
                lines.append("\(line.id.text) is listed and cannot be read")
                continue
            }
            lines.append(
                "\(line.id.text) \(line.workflow) \(line.status.map { "\($0)" } ?? "open")"
            )
            lines += run.events.map { "\($0.bytes)" }
            lines.append("\(run.waits) \(run.isFinished) \(run.labels)")
        }
        lines += try store.runsToResume().map { "resume \($0.text)" }
        try store.forEachWait { lines.append("wait \($0) \($1) \($2)") }
        try store.forEachHeld { lines.append("held \($0)") }
        try store.forEachMark { lines.append("mark \($0)") }
        try store.forEachClaim { lines.append("claim \($0)") }
        lines.append("text \(try store.text(Make.plan(1)).map { "\($0)" } ?? "none")")
        lines.append("through \(store.completeThrough)")
        return lines
    }

    /// All the rest.
    private func all(_ store: Store) throws(StoreError) -> [String] {
        let stats = try store.stats()
        var lines = [
            "\(stats.runs) \(stats.openRuns) \(stats.runEvents) \(stats.waits) \(stats.held) \(stats.marks)",
            "\(stats.claims) \(stats.requests) \(stats.texts) \(stats.schemaVersion)",
        ]
        var query = LedgerQuery()
        query.limit = 1000
        for line in try store.requests(query) {
            let entry = try store.request(line.id)
            lines.append("\(line) \(entry.map { "\($0.request) \($0.number)" } ?? "unknown")")
        }
        return lines
    }
}

/// What happens on the way.
extension StoreTour {
    private static let old = WallTime(milliseconds: Make.time.milliseconds - 864_000_000)
    private static let pastRuns = (0..<6).map { UUIDv7(time: old, random: (UInt64($0), 7)) }

    /// What is too old to stay: ended runs with requests, claims and marks.
    private static var past: [JournalRecord] {
        var records: [JournalRecord] = [.text(Make.plan(1), Array("text".utf8))]
        for (number, run) in pastRuns.enumerated() {
            let key = Make.key("old\(number)")
            let arrival = Make.arrival(500 + number, key: key, .delivered, time: old)
            let wait = WaitID(run: run, step: 1, attempt: 1)
            let claim = Claim(
                key: Make.plan(700 + number),
                payload: Make.plan(2),
                until: old.advanced(by: .seconds(60)),
                answer: []
            )
            records += [
                .began([Make.birth(of: run)], [claim]),
                .waiting(wait, keys: [key], deadline: old),
                .delivered(wait, arrival, Make.stamp(old)),
                .finished(run, .completed, old),
                .received(Make.request(600 + number, .rejected, time: old)),
            ]
        }
        return records
    }

    /// Something of every kind.
    private static var present: [JournalRecord] {
        let claim = Claim(
            key: Make.plan(3),
            payload: Make.plan(4),
            until: Make.time.advanced(by: day),
            answer: [1, 2, 3]
        )
        let large = String(repeating: "x", count: 9000)
        return [
            .text(Make.plan(1), Array("text".utf8)),
            .began([Make.birth(0), Make.birth(1)], [claim]),
            .waiting(Make.wait(0), keys: [Make.key("k0"), Make.key("k0b")], deadline: Make.time),
            .waiting(Make.wait(1), keys: [Make.key("k1")], deadline: Make.time),
            .keyAdded(Make.wait(1), Make.key("k1b")),
            .delivered(
                Make.wait(0),
                Make.arrival(0, key: Make.key("k0"), .delivered, result: "\"\(large)\""),
                Make.stamp()
            ),
            .finished(Make.run(0), .completed, Make.time),
            .held(
                Make.arrival(2, key: Make.key("k2"), .held),
                until: Make.time.advanced(by: day),
                listener: 1
            ),
            .held(
                Make.arrival(3, key: Make.key("k3"), .held),
                until: Make.time.advanced(by: day),
                listener: 1
            ),
            .received(Make.request(20, .triggered)),
            .received(Make.request(21, .rejected)),
            .received(Make.request(22, .bulk, bodyBytes: 20_000)),
            .began([Make.birth(2), Make.birth(3, parent: Make.run(2))], []),
            .fetched(
                Make.wait(3),
                keys: [Make.key("k3")],
                Make.arrival(3, key: Make.key("k3"), .held).callback,
                Make.stamp()
            ),
            .advanced(Make.run(2), .cancel(reason: large), Make.stamp()),
            .finished(Make.run(2), .cancelled, Make.time),
        ]
    }

    /// What is in the log alone.
    private static var late: [JournalRecord] {
        let claim = Claim(
            key: Make.plan(5),
            payload: Make.plan(6),
            until: Make.time.advanced(by: day),
            answer: []
        )
        return [
            .began([Make.birth(4)], [claim]),
            .waiting(Make.wait(4), keys: [Make.key("k4")], deadline: Make.time),
            .delivered(
                Make.wait(1),
                Make.arrival(1, key: Make.key("k1"), nil, reusesKey: true),
                Make.stamp()
            ),
            .ended(Make.wait(4), .cancelled, Make.time),
            .unfetched(number: 39, Make.time),
            .received(Make.request(30, .triggered)),
        ]
    }
}
