import Configuration
import Executor
import JSONWire
import Journal
import Listeners
import LogKit
import Primitives
import Rendezvous
import SegmentLog
import Store
import Workflows

@testable import Runs
@testable import Sluice

/// One life of a server with its own threads, over disks whose power may go: journal, store, table, engine and callback service.
final class PowerCutFixture: Sendable {
    let pool: WorkerPool
    let table: WaiterTable
    let journal: DurableJournal
    let store: Store
    let commit: JournalCommit
    let engine: RunEngine
    let service: CallbackService
    let surroundings: PromptEnvironment
    /// How many records were in the log alone.
    let replayedCount: Int

    /// Opens the store and the log, and has what is in the log alone written to the store.
    init(_ disk: MemoryDisk, _ storeDisk: StoreDisk, _ books: PowerBooks) throws {
        let store = try Store(
            directory: storeDisk.path,
            settings: StoreSettings(),
            log: .silent,
            fileLayer: storeDisk.name
        )
        self.store = store
        let through = store.completeThrough
        do {
            journal = try Self.journal(disk, store, books)
        } catch {
            store.close()
            throw error
        }
        do {
            try store.finishReplay(through: journal.lastNumber)
        } catch {
            journal.close()
            store.close()
            throw error
        }
        replayedCount = Int(clamping: journal.lastNumber - min(through, journal.lastNumber))
        store.start { [weak journal] number in journal?.release(through: number) }
        let configuration = SamplePlans.configuration
        pool = WorkerPool(threads: 2, name: "power")
        table = WaiterTable(
            configuration: WaiterTable.Configuration(
                shards: 16,
                heldLimits: configuration.listeners.map(\.held),
                lastNumber: journal.lastNumber
            )
        )
        commit = JournalCommit(journal: journal, table: table)
        surroundings = PromptEnvironment()
        engine = RunEngine(
            parts: RunEngine.Parts(
                shelf: Self.shelf(configuration),
                table: table,
                log: .silent,
                pool: pool,
                commit: commit,
                surroundings: surroundings,
                gateways: GatewayAddresses(GatewaySettings.values(configuration.gateways)),
                defaultChannels: configuration.defaultChannels,
                redaction: configuration.redaction,
                archive: Self.archive(store, pool, surroundings)
            ),
            settings: configuration.executor
        )
        commit.onRecovery { [weak engine] in engine?.journalRecovered() }
        service = Self.service(table, commit, engine, pool)
    }

    private static func service(
        _ table: WaiterTable,
        _ commit: JournalCommit,
        _ engine: RunEngine,
        _ pool: WorkerPool
    ) -> CallbackService {
        CallbackService(
            matcher: CallbackMatcher(
                table: table,
                commit: commit,
                engine: engine,
                fingerprintKey: (3, 4),
                log: .silent
            ),
            commit: commit,
            gateways: engine.gateways,
            pool: pool,
            recorder: RequestRecorder(commit: commit, mask: nil, isRelaxed: false)
        )
    }

    private static func shelf(_ configuration: Configuration) -> PlanCache {
        PlanCache(current: configuration.plans, origin: SimulatedServerFixture.origin)
    }

    private static func archive(
        _ store: Store,
        _ pool: WorkerPool,
        _ surroundings: PromptEnvironment
    ) -> RunArchive {
        RunArchive(store: store, pool: pool, surroundings: surroundings, log: .silent)
    }

    private static func journal(
        _ disk: MemoryDisk,
        _ store: Store,
        _ books: PowerBooks
    ) throws -> DurableJournal {
        var settings = LogSettings()
        // Small, so that segments are used again.
        settings.segmentBytes = 64 << 10
        settings.batchBytesMax = 32 << 10
        return try DurableJournal(
            files: disk,
            settings: settings,
            storedThrough: store.completeThrough,
            follower: BookedStore(store: store, books: books),
            log: .silent
        ) { number, _, bytes in
            let record = NumberedRecord(number: number, bytes: bytes)
            books.note(record)
            do throws(StoreError) {
                try store.replay(record)
                return true
            } catch {
                return false
            }
        }
    }

    /// Puts back what waited, and has the runs go on.
    func begin() throws(StoreError) {
        let recovery = Recovery(
            store: store,
            table: table,
            claims: ClaimTable(key: (1, 2), bytesMax: 1 << 20),
            surroundings: surroundings,
            owners: HeldOwners(SamplePlans.configuration.listeners),
            log: .silent
        )
        let refused = try recovery.restoreTable()
        try recovery.resumeRuns(engine, refused: refused)
    }

    /// Ends all threads but the store's; the power is off, or nothing is under way.
    func rest() {
        engine.rest()
        surroundings.stop()
        journal.close()
        pool.stop()
    }

    /// Ends all threads; the power is off, or nothing is under way.
    func end() {
        rest()
        store.close()
        engine.letGo()
    }
}
