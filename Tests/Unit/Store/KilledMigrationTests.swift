import CFaultVFS
import Primitives
import Rendezvous
import Storage
import TestKit
import Testing

@testable import Journal
@testable import Store

/// A process that ends at any step of a migration leaves a store that the next start brings to today's form whole.
@Suite(.serialized) struct KilledMigrationTests {
    private let turn = FaultTurn()

    /// Where the process is ended: at a call of a kind, and nothing reaches the file from there on.
    private static let kinds = [fault_write, fault_sync, fault_shm_map, fault_every]
    /// So many calls of a kind are tried, spread over all there are.
    private static let callsMax: Int64 = 40

    @Test(arguments: ["version-1-stopped", "version-1-killed", "version-2-killed"])
    func `a store whose migration was cut off opens again and has all`(name: String) throws {
        fault_vfs_register()
        let directory = try TemporaryDirectory()
        let file = PackageRoot.path("Tests/Integration/Data/stores/\(name).tar.gz")
        let tar = try ChildProgram("/bin/tar", ["-xzf", file, "-C", directory.path])
        try #require(try tar.waitForExit() == .exited(0), "\(tar.errors)")
        Files.removeTree(directory.path("store/log"))
        let sound = try Self.content(of: Self.copy(directory))
        for kind in Self.kinds {
            let operation = Int32(kind.rawValue)
            fault_vfs_arm(operation, 0, .max, 1)
            try Self.open(Self.copy(directory), fileLayer: "fault").close()
            let count = fault_vfs_calls_of(operation)
            fault_vfs_disarm()
            var cutCount = 0
            let step = max(1, count / Self.callsMax)
            for call in stride(from: 1, through: max(count, 1), by: Int(step)) {
                let path = try Self.copy(directory)
                fault_vfs_arm(operation, 0, call, .max - call)
                do throws(StoreError) {
                    try Self.open(path, fileLayer: "fault").close()
                } catch {
                    cutCount += 1
                }
                fault_vfs_disarm()
                let found = try Self.content(of: path)
                #expect(found == sound, "\(name), kind \(kind.rawValue), call \(call)")
            }
            #expect(kind != fault_every || cutCount > 10, "\(cutCount) of \(count)")
        }
    }

    /// A copy of the store as the earlier version left it.
    private static func copy(_ directory: TemporaryDirectory) throws -> String {
        let path = directory.path("copy")
        Files.removeTree(path)
        let copy = try ChildProgram("/bin/cp", ["-r", directory.path("store"), path])
        try #require(try copy.waitForExit() == .exited(0), "\(copy.errors)")
        return path
    }

    private static func open(
        _ path: String,
        fileLayer: String? = nil
    ) throws(StoreError) -> Store {
        var settings = StoreSettings()
        settings.retention = .seconds(1 << 30)
        settings.rememberFor = .seconds(1 << 30)
        return try Store(directory: path, settings: settings, log: .silent, fileLayer: fileLayer)
    }

    /// What a store has, once it is opened as it should be.
    private static func content(of path: String) throws -> [String] {
        let store = try open(path)
        defer { store.close() }
        var content: [String] = []
        #expect(try store.check() == [])
        let stats = try store.stats()
        #expect(stats.schemaVersion == StoreSchema.migrations.version)
        content.append("\(store.completeThrough) \(stats.runs) \(stats.runEvents) \(stats.claims)")
        try store.forEachWait { content.append("\($0) \($1.map(\.number)) \($2.milliseconds)") }
        try store.forEachHeld { content.append("held \($0.number)") }
        try store.forEachMark { content.append("mark \($0.number) \($0.key)") }
        var query = LedgerQuery()
        query.limit = 1000
        content += try store.requests(query).map { "\($0.id.text) \($0.status) \($0.key)" }
        for line in try store.runs(RunQuery()) {
            let run = try #require(try store.run(line.id))
            content.append("\(line.id.text) \(run.events.map(\.bytes))")
        }
        return content
    }
}
