package import Loops
package import Primitives
package import Workflows

/// The local programs: those of shell steps, and those that `http-server` components keep running.
///
/// One loop of its own watches all of them. May be used on any thread.
package final class Programs: Sendable {
    /// The loop, whose timers others may use too.
    package let port: LoopPort
    private let group: LoopGroup
    /// How they are run.
    let settings: ProgramSettings
    private let servers: [String: LoopBound<ManagedServer>]

    /// Makes the keeper of all programs; nothing is started yet.
    package init(_ plans: PlanSet, settings: ProgramSettings, log: Log) throws(LoopError) {
        group = try LoopGroup(threads: 1, name: "programs")
        port = group.ports[0]
        self.settings = settings
        let made = Lock<[String: LoopBound<ManagedServer>]>([:])
        do {
            try group.onEach { loop in
                for (id, plan) in Self.servers(plans) {
                    let server = ManagedServer(
                        id,
                        plan,
                        on: loop,
                        settings: settings,
                        log: log
                    )
                    made.withLock { $0[id] = LoopBound(server, on: loop) }
                }
            }
        } catch {
            group.stop()
            throw (error as? LoopError) ?? .stopped
        }
        servers = made.withLock { $0 }
    }

    /// Starts the programs of all `http-server` components.
    package func start() {
        for server in servers.values { server.port.post { server.get(on: $0).start() } }
    }

    /// Calls `then` once: with nil when a server listens, or with the reason why it does not in time.
    func whenReady(
        _ id: String,
        _ flight: CallHandle,
        then: @escaping @Sendable (CallFailure?) -> Void
    ) {
        guard let server = servers[id] else { return then(nil) }
        let isTaken = server.port.post { loop in
            server.get(on: loop).whenReady(flight, then)
            flight.onAbandon { server.port.post { server.get(on: $0).forget(flight) } }
        }
        if !isTaken { then(Self.stopping) }
    }

    /// Ends all programs with all they started, first politely, and waits for them.
    package func stop() {
        let parker = Parker()
        let left = Lock(servers.count)
        let isTaken = servers.values.map { server in
            server.port.post { loop in
                server.get(on: loop).stop {
                    let isLast = left.withLock { count in
                        count -= 1
                        return count == 0
                    }
                    if isLast { parker.unpark() }
                }
            }
        }
        if isTaken.contains(true) { parker.park() }
        // Its guards kill what is left.
        group.stop()
    }

    static let stopping = CallFailure(code: .cancelled, message: "the server is stopping")

    private static func servers(_ plans: PlanSet) -> [(String, ServerPlan)] {
        let inside = plans.workflows.flatMap { $0.steps.compactMap(\.component) }
        var seen: Set<String> = []
        return (plans.components + inside).compactMap { component in
            guard let server = component.server, seen.insert(component.id).inserted else {
                return nil
            }
            return (component.id, server)
        }
    }
}
