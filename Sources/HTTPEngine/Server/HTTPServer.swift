package import Loops
package import Primitives

/// HTTP/1.1 servers for some sites, on the loops of a group.
///
/// Made, started, drained and closed from a thread that is none of the loops'.
package final class HTTPServer: Sendable {
    private let group: LoopGroup
    private let shared: ServerShared
    private let running = Lock(Running())

    /// What is there between start and close.
    private struct Running: Sendable {
        var loops: [LoopBound<ServerLoop>] = []
        /// Per site, in the order of its addresses.
        var listeners: [[GroupListener]] = []
    }

    /// Compiles the sites; nothing is opened yet.
    ///
    /// - Parameters:
    ///   - group: The loops that serve; each site listens on all of them.
    ///   - sites: What is served.
    ///   - bodyMemoryMax: Bytes that bodies coming in may take, over all connections.
    ///   - answerMemoryMax: Bytes of answers that clients have not read yet, over all connections.
    ///   - log: Where lines go; per-request lines are `debug`.
    ///   - clock: Where the time comes from; tests move it.
    ///   - tick: How often timeouts are looked at.
    /// - Throws: ``RouteError`` for routes that contradict each other.
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
        shared = ServerShared(
            sites: compiled,
            bodyMemory: BodyMemory(bytesMax: bodyMemoryMax),
            answerMemory: AnswerMemory(bytesMax: answerMemoryMax),
            log: log,
            clock: clock,
            tick: tick
        )
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
            for index in shared.sites.indices { try listen(index, all) }
        } catch {
            close()
            throw error
        }
    }

    private func listen(_ index: Int, _ loops: [LoopBound<ServerLoop>]) throws {
        var opened: [GroupListener] = []
        for address in shared.sites[index].site.addresses {
            let listener = try group.listen(address) { stream in
                // A group's loops are numbered as they were made.
                guard stream.loop.index < loops.count else { return stream.close() }
                loops[stream.loop.index].get(on: stream.loop)
                    .accept(stream, site: index, isInReserve: stream.isInReserve)
            }
            opened.append(listener)
            running.withLock { running in
                while running.listeners.count <= index { running.listeners.append([]) }
                running.listeners[index].append(listener)
            }
        }
    }

    /// The ports that are listened on, per site, in the order of its addresses.
    package var boundPorts: [[UInt16]] {
        running.withLock { $0.listeners }.map { $0.map(\.port) }
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
        for listener in listeners.joined() { listener.close() }
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
