internal import HTTPWire
internal import Loops
internal import Primitives

/// The server's part on one loop: its connections, the buffer they answer into, and the tick.
final class ServerLoop {
    /// The loop.
    let loop: EventLoop
    /// What all loops of the server share.
    let shared: ServerShared
    /// The sites, in the server's order.
    let sites: [SiteLoop]
    /// Writes answers; keeps the date.
    var writer = ResponseWriter()
    /// What is written in this turn and not yet handed to its socket.
    private var output: [UInt8] = []
    /// Makes the requests' ids.
    var requestIDs = RequestIDs()
    /// Refused connections that linger beyond the bound.
    private(set) var refusedCount = 0
    private(set) var isDraining = false
    private var drainingSince = Instant(nanoseconds: 0)
    private var outputOwner: (any ServedConnection)?
    private var isFlushDeferred = false
    private var slots: [(any ServedConnection)?] = []
    private var generations: [UInt64] = []
    private var freeSlots: [Int] = []
    private var wallAtTick = WallTime.now()
    private var loopAtTick: Instant
    private var ticker: LoopTimer?
    /// Weak: it holds the loop's part, and is held by who came in through it.
    private weak var bound: LoopBound<ServerLoop>?
    /// Whether the buffer is flushed at the end of what is being done.
    private var isInTurn = false

    /// Bytes of the output buffer that are kept between turns.
    private static let outputKeptMax = 256 << 10
    /// Refused connections that may linger on this loop; further ones are closed without a word.
    private static let refusedMax = 128

    /// Makes the loop's part and starts its tick.
    init(loop: EventLoop, shared: ServerShared) {
        self.loop = loop
        self.shared = shared
        sites = shared.sites.map { SiteLoop(shared: $0, loop: loop) }
        loopAtTick = loop.now
        writer.setTime(wallAtTick)
        output.reserveCapacity(16 << 10)
        ticker = loop.every(shared.tick) { [weak self] in self?.tick() }
    }

    /// The server's time.
    var now: Instant { shared.clock.now(loop) }

    /// The calendar's time, from the loop's clock and the calendar at the latest tick.
    var wall: WallTime {
        let passed = loop.now.since(loopAtTick).count / 1_000_000
        return WallTime(milliseconds: wallAtTick.milliseconds &+ passed)
    }

    /// How many connections there are.
    var connectionsCount: Int { slots.count - freeSlots.count }

    // MARK: Connections

    /// Takes an accepted connection of an address.
    ///
    /// One that `isInReserve` has a descriptor that is kept back for the server's own use: it is refused.
    func accept(_ stream: any ByteStream, address index: Int, isInReserve: Bool = false) {
        guard shared.tables.indices.contains(index), !isDraining else { return stream.close() }
        let table = shared.tables[index]
        let home = sites[table.home]
        let isCounted = !isInReserve && home.shared.connections.enter()
        let isTaken =
            stream.isReady
            ? isCounted || refusedCount < Self.refusedMax : beginsHandshake(home, isCounted)
        guard isTaken else { return stream.close() }
        let slot = takeSlot()
        let connection = HTTP1Connection(
            stream: stream,
            server: self,
            sites: table.isSingle ? nil : table,
            home: home,
            isCounted: isCounted,
            id: ConnectionID(slot: slot, generation: generations[slot])
        )
        slots[slot] = connection
        shared.connectionOpened()
        if !isCounted { refusedCount += 1 }
        connection.open()
    }

    /// Counts a handshake; false where there may be no more of them or of connections: nothing can be told before it is done.
    private func beginsHandshake(_ home: SiteLoop, _ isCounted: Bool) -> Bool {
        guard isCounted else { return false }
        if home.shared.handshakes.enter() { return true }
        home.shared.connections.leave()
        return false
    }

    /// The connection of that id, while it lives.
    func connection(_ id: ConnectionID) -> (any ServedConnection)? {
        guard id.slot < slots.count, generations[id.slot] == id.generation else { return nil }
        return slots[id.slot]
    }

    /// The way to a connection from other threads.
    func door(to id: ConnectionID) -> ConnectionHandle {
        if let bound { return ConnectionHandle(server: bound, id: id) }
        let made = LoopBound(self, on: loop)
        bound = made
        return ConnectionHandle(server: made, id: id)
    }

    /// Forgets a connection that is closed.
    func forget(_ connection: any ServedConnection) {
        let slot = connection.id.slot
        guard self.connection(connection.id) === connection else { return }
        slots[slot] = nil
        generations[slot] += 1
        freeSlots.append(slot)
        if outputOwner === connection { dropOutput() }
        if connection.isCounted {
            connection.home.shared.connections.leave()
        } else {
            refusedCount -= 1
        }
        shared.connectionClosed()
    }

    private func takeSlot() -> Int {
        if let slot = freeSlots.popLast() { return slot }
        slots.append(nil)
        generations.append(0)
        return slots.count - 1
    }

    // MARK: Output

    /// Makes the buffer a connection's: what another wrote into it goes out first.
    func cork(_ connection: any ServedConnection) {
        if outputOwner === connection { return }
        flush()
        outputOwner = connection
        guard !isInTurn, !isFlushDeferred else { return }
        isFlushDeferred = true
        loop.defer { [weak self] in
            self?.isFlushDeferred = false
            self?.flush()
        }
    }

    /// Does something that may write, and flushes after it.
    func turn(_ act: () -> Void) {
        isInTurn = true
        act()
        isInTurn = false
        flush()
    }

    /// Takes the buffer in hand, to write to its end; give it back with ``putOutput(_:)``.
    func takeOutput() -> [UInt8] {
        var bytes: [UInt8] = []
        swap(&bytes, &output)
        return bytes
    }

    /// Gives the buffer back.
    func putOutput(_ bytes: consuming [UInt8]) {
        output = bytes
    }

    /// Writes bytes that are ready.
    func append(_ bytes: [UInt8]) {
        var out = takeOutput()
        out += bytes
        putOutput(out)
    }

    /// Writes a JSON answer.
    func writeJSON(_ line: ResponseContext, status: Int, body: Span<UInt8>) {
        var out = takeOutput()
        writer.writeJSON(line, status: status, body: body, to: &out)
        putOutput(out)
    }

    /// Hands what was written to its socket, in one write.
    func flush() {
        guard let owner = outputOwner else { return }
        outputOwner = nil
        var bytes = takeOutput()
        if !bytes.isEmpty {
            owner.send(bytes)
            bytes.removeAll(keepingCapacity: bytes.capacity <= Self.outputKeptMax)
        }
        putOutput(bytes)
        owner.didFlush()
    }

    /// Hands over what was written so far where it is much: a client that does not read is found out before more is answered.
    func flushWhereLarge() {
        if output.count >= Self.outputKeptMax { flush() }
    }

    private func dropOutput() {
        outputOwner = nil
        output.removeAll(keepingCapacity: true)
    }

    // MARK: Time and end

    private func tick() {
        wallAtTick = .now()
        loopAtTick = loop.now
        writer.setTime(wallAtTick)
        let now = now
        turn {
            for slot in slots.indices { slots[slot]?.tick(now) }
        }
        shared.bodyShelf.age(loopAtTick)
        if loop.index == 0 { tellSkipped() }
        if isDraining { endIdle(now) }
        shared.checkDrain(now)
    }

    /// Says how many requests for unknown paths no handler was shown.
    private func tellSkipped() {
        for site in shared.sites {
            let count = site.unknownPace.takeSkipped()
            guard count > 0 else { continue }
            shared.log(
                .info,
                "Requests for unknown paths came too fast to be written down",
                [.init("site", site.site.name), .init("count", count)]
            )
        }
    }

    /// Goes down: open connections end with what is under way; idle ones may send one more request for a while, and for as
    /// long as others are busy.
    func drain() {
        isDraining = true
        drainingSince = now
        ticker?.cancel()
        ticker = loop.every(min(shared.tick, Self.drainTick)) { [weak self] in self?.tick() }
        turn {
            for slot in slots.indices { slots[slot]?.drain() }
        }
        if connectionsCount > 0 { endIdle(now) }
    }

    private func endIdle(_ now: Instant) {
        var busyCount = 0
        for slot in slots.indices {
            if let connection = slots[slot], !connection.isIdle { busyCount += 1 }
        }
        let isAnyBusy = shared.noteBusy(busyCount, loop: loop.index)
        guard !isAnyBusy, now.since(drainingSince) >= Self.idleGrace else { return }
        turn {
            for slot in slots.indices { slots[slot]?.endIdle() }
        }
    }

    /// How long an idle connection may still send a request when the server goes down.
    private static let idleGrace = Nanoseconds.seconds(1)
    /// How often is looked whether the server may go down.
    private static let drainTick = Nanoseconds.milliseconds(50)

    /// Closes every connection at once.
    func closeAll() {
        isDraining = true
        ticker?.cancel()
        ticker = nil
        for slot in slots.indices { slots[slot]?.close() }
    }
}
