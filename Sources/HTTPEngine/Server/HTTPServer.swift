package import Loops
package import Primitives

/// An HTTP/1.1 server for some sites, on the loops of a group.
///
/// Sites may share an address; see ``Site/hosts``.
///
/// Made, started, drained and closed from a thread that is none of the loops'.
package final class HTTPServer: Sendable {
    private let group: LoopGroup
    private let shared: ServerShared
    private let running = Lock(Running())
    /// For each site the places of its addresses among the tables.
    private let places: [[Int]]

    /// What is there between start and close.
    private struct Running: Sendable {
        var loops: [LoopBound<ServerLoop>] = []
        /// In the order of the addresses' tables.
        var listeners: [GroupListener] = []
    }

    /// Compiles the sites; nothing is opened yet.
    ///
    /// - Parameters:
    ///   - group: The loops that serve; each site listens on all of them.
    ///   - sites: What is served; those with the same address, whose port is not 0, share it.
    ///   - bodyMemoryMax: Bytes that bodies coming in may take, over all connections.
    ///   - answerMemoryMax: Bytes of answers that clients have not read yet, over all connections.
    ///   - log: Where lines go; per-request lines are `debug`.
    ///   - clock: Where the time comes from; tests move it.
    ///   - tick: How often timeouts are looked at.
    /// - Throws: ``RouteError`` for routes, or sites of one address, that contradict each other.
    package init(
        group: LoopGroup,
        sites: [Site],
        bodyMemoryMax: Int = 512 << 20,
        answerMemoryMax: Int = 256 << 20,
        log: Log,
        clock: ServerClock = .loops,
        tick: Nanoseconds = .milliseconds(500)
    ) throws(RouteError) {
        self.group = group
        var compiled: [SiteShared] = []
        for site in sites { compiled.append(try SiteShared(site)) }
        let addresses = Self.addresses(compiled)
        places = addresses.places
        var tables: [SiteTable] = []
        for one in addresses.all {
            tables.append(try SiteTable(one.address, one.sites, among: compiled))
        }
        shared = ServerShared(
            sites: compiled,
            tables: tables,
            bodyMemory: BodyMemory(bytesMax: bodyMemoryMax),
            answerMemory: AnswerMemory(bytesMax: answerMemoryMax),
            log: log,
            clock: clock,
            tick: tick
        )
    }

    /// The addresses with their sites, and for each site the places of its addresses among them.
    private static func addresses(
        _ sites: [SiteShared]
    ) -> (all: [(address: ListenAddress, sites: [Int])], places: [[Int]]) {
        var all: [(address: ListenAddress, sites: [Int])] = []
        let places = sites.enumerated().map { index, site in
            site.site.addresses.map { address in
                let known = all.firstIndex { other in
                    other.address == address && address.port != 0 && !other.sites.contains(index)
                }
                if let known {
                    all[known].sites.append(index)
                } else {
                    all.append((address, [index]))
                }
                return known ?? all.count - 1
            }
        }
        return (all, places)
    }

    /// Makes the handlers and listens on every address of every site.
    ///
    /// - Throws: ``LoopError`` for an address that cannot be had; then nothing listens.
    package func start() throws {
        let shared = shared
        let loops = Lock([LoopBound<ServerLoop>]())
        try group.onEach { loop in
            let made = LoopBound(ServerLoop(loop: loop, shared: shared), on: loop)
            loops.withLock { $0.append(made) }
        }
        let all = loops.withLock { $0 }
        running.withLock { $0.loops = all }
        do {
            for index in shared.tables.indices { try listen(index, all) }
        } catch {
            close()
            throw error
        }
    }

    private func listen(_ index: Int, _ loops: [LoopBound<ServerLoop>]) throws {
        let listener = try group.listen(shared.tables[index].address) { stream in
            // A group's loops are numbered as they were made.
            guard stream.loop.index < loops.count else { return stream.close() }
            loops[stream.loop.index].get(on: stream.loop)
                .accept(stream, address: index, isInReserve: stream.isInReserve)
        }
        running.withLock { $0.listeners.append(listener) }
    }

    /// Serves a stream that came another way than by a listening socket, as if it had come in on a site's first address.
    ///
    /// On the stream's loop, which is one of the group's. Where the server is not started, or the site has no address, the stream
    /// is closed.
    package func accept(_ stream: any ByteStream, site index: Int) {
        let loops = running.withLock { $0.loops }
        guard places.indices.contains(index), let address = places[index].first,
            stream.loop.index < loops.count
        else { return stream.close() }
        loops[stream.loop.index].get(on: stream.loop).accept(stream, address: address)
    }

    /// The ports that are listened on, per site, in the order of its addresses.
    package var boundPorts: [[UInt16]] {
        let listeners = running.withLock { $0.listeners }
        return places.map { mine in
            mine.compactMap { $0 < listeners.count ? listeners[$0].port : nil }
        }
    }

    /// Connections that are open, over all sites and loops.
    package var connectionsCount: Int { shared.connectionsCount }

    /// Bytes that bodies coming in have, or have been promised.
    package var bodyMemoryTaken: Int { shared.bodyMemory.takenBytes }

    /// Bodies that wait for memory.
    package var bodiesWaitingCount: Int { shared.bodyMemory.waitingCount }

    /// Bytes of answers that clients have not read yet.
    package var answerMemoryTaken: Int { shared.answerMemory.takenBytes }

    /// Requests of a site, by its index, that are processed and that wait for a place.
    ///
    /// Zeros where nothing is bounded.
    package func admissionCounts(site: Int) -> (placed: Int, waiting: Int) {
        guard shared.sites.indices.contains(site) else { return (0, 0) }
        return shared.sites[site].admission?.counts ?? (0, 0)
    }

    /// Stops listening; connections that are open are served on.
    package func stopAccepting() {
        let listeners = running.withLock { $0.listeners }
        for listener in listeners { listener.close() }
    }

    /// Goes down gently: stops listening, and lets connections end with their answers, which say so.
    ///
    /// An idle connection may send one more request for a second, and for as long as others have something under way.
    ///
    /// - Parameters:
    ///   - deadline: When waiting ends; what is still open then stays so until ``close()``.
    ///   - onDrained: Called once, on some thread, when no connection is left or the deadline is over, with the
    ///     number of connections that are left.
    package func drain(until deadline: Instant, onDrained: @escaping @Sendable (Int) -> Void) {
        stopAccepting()
        let loops = running.withLock { $0.loops }
        shared.beginDrain(until: deadline, onDrained)
        var isHeard = false
        for server in loops {
            let isPosted = server.port.post { loop in
                let server = server.get(on: loop)
                server.drain()
                server.shared.checkDrain(server.now)
            }
            isHeard = isHeard || isPosted
        }
        if !isHeard { shared.endDrain() }
    }

    /// Closes everything at once; returns when it is closed.
    ///
    /// The second call does nothing.
    package func close() {
        stopAccepting()
        let loops = running.withLock { running in
            let loops = running.loops
            running.loops = []
            return loops
        }
        guard !loops.isEmpty else { return }
        do {
            try group.onEach { loop in
                guard loop.index < loops.count else { return }
                loops[loop.index].get(on: loop).closeAll()
            }
        } catch {
            // Loops that are stopped have closed their connections themselves.
            shared.log(.debug, "the loops were stopped before the server was closed")
        }
    }
}
