import Executor
import JSONWire
import LogKit
import Primitives
import Rendezvous
import SegmentLog
import Workflows

@testable import Sluice

/// One life of a server with its own threads, over a disk whose power may go: journal, table, engine and intake.
///
/// What was known before comes from the log alone.
final class PowerLife: Sendable {
    let pool: WorkerPool
    let table: WaiterTable
    let journal: DurableJournal
    let settlement: Settlement
    let engine: RunEngine
    let intake: CallbackIntake
    let surroundings: PromptSurroundings
    /// What the log had, in its order.
    let found: [(number: UInt64, record: JournalRecord)]

    /// Opens the log and takes up what is in it.
    init(_ disk: MemoryDisk) throws {
        let store = SimulatedStore()
        var found: [(number: UInt64, record: JournalRecord)] = []
        var settings = LogSettings()
        settings.segmentBytes = 256 << 10
        settings.batchBytesMax = 32 << 10
        journal = try DurableJournal(files: disk, settings: settings, log: .silent) {
            number,
            record,
            _ in
            found.append((number, record))
            store.replay(number, record)
            return true
        }
        self.found = found
        store.isStill = true
        let configuration = SamplePlans.configuration
        pool = WorkerPool(threads: 2, name: "power")
        table = WaiterTable(
            configuration: WaiterTable.Configuration(
                shards: 16,
                heldLimits: configuration.listeners.map(\.held),
                lastNumber: journal.lastNumber
            )
        )
        settlement = Settlement(journal: journal, table: table)
        surroundings = PromptSurroundings()
        engine = RunEngine(
            parts: RunEngine.Parts(
                shelf: PlanShelf(current: configuration.plans, origin: ServerLife.origin),
                table: table,
                log: .silent,
                pool: pool,
                settlement: settlement,
                surroundings: surroundings,
                gateways: GatewayBoard(GatewaySettings.values(configuration.gateways)),
                defaultChannels: configuration.defaultChannels,
                redaction: configuration.redaction,
                archive: RunArchive(store: store, pool: pool, log: .silent)
            ),
            settings: configuration.executor
        )
        settlement.onRecovery { [weak engine] in engine?.journalRecovered() }
        intake = CallbackIntake(
            table: table,
            settlement: settlement,
            engine: engine,
            fingerprintKey: (3, 4),
            log: .silent
        )
        let recovery = Recovery(
            store: store,
            table: table,
            claims: ClaimTable(key: (1, 2), bytesMax: 1 << 20),
            surroundings: surroundings,
            log: .silent
        )
        let refused = try recovery.restoreTable()
        try recovery.resumeRuns(engine, refused: refused)
    }

    /// Ends all threads; the power is off, or nothing is under way.
    func end() {
        engine.rest()
        journal.close()
        pool.stop()
    }
}
