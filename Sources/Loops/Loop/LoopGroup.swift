internal import Primitives

/// Several loops, each on its own thread, that start and stop together.
package final class LoopGroup: Sendable {
    /// The doors to the loops, in the order of their indices.
    package let ports: [LoopPort]
    private let threads: Lock<[LoopThread]>

    /// Starts the loops.
    ///
    /// Also ignores SIGPIPE in the whole process.
    ///
    /// - Parameters:
    ///   - threads: How many loops, at least 1.
    ///   - name: What the threads are called; `-` and the index follow.
    /// - Throws: ``LoopError/system(code:doing:)`` when the system has no thread or descriptor to give; then none
    ///   is left running.
    package init(threads: Int, name: String) throws(LoopError) {
        // A loop writes to connections that may be gone: that must be an error, in any program.
        try ProcessLimits.ignoreBrokenPipes()
        var started: [LoopThread] = []
        var ports: [LoopPort] = []
        do throws(LoopError) {
            for index in 0..<max(1, threads) {
                let (thread, port) = try LoopGroup.start(index: index, name: "\(name)-\(index)")
                started.append(thread)
                ports.append(port)
            }
        } catch {
            LoopGroup.end(started, ports)
            throw error
        }
        self.ports = ports
        self.threads = Lock(started)
    }

    deinit {
        stop()
    }

    /// Runs `body` on every loop, one after the other in the order of their indices, and waits for it.
    ///
    /// Stops at the first error and throws it. Never to be called on a loop of this group.
    ///
    /// - Throws: What `body` throws, or ``LoopError/stopped``.
    package func onEach(_ body: @escaping @Sendable (EventLoop) throws -> Void) throws {
        for port in ports {
            let parker = Parker()
            let failure = Box<(any Error)?>(nil)
            let isTaken = port.post { loop in
                do { try body(loop) } catch { failure.set(error) }
                parker.unpark()
            }
            guard isTaken else { throw LoopError.stopped }
            parker.park()
            if let error = failure.get() { throw error }
        }
    }

    /// Closes everything that is open on the loops, ends their threads and waits for them.
    ///
    /// Work that was posted before is done, streams' delegates hear `onClosed`, timers do not fire. The second call
    /// does nothing. On a loop of this group it does not wait for that one, which ends after the present step.
    package func stop() {
        let threads = self.threads.withLock { threads in
            let taken = threads
            threads = []
            return taken
        }
        LoopGroup.end(threads, ports)
    }

    private static func end(_ threads: [LoopThread], _ ports: [LoopPort]) {
        for port in ports { port.post { $0.stop() } }
        for thread in threads { thread.end() }
    }

    private static func start(
        index: Int,
        name: String
    ) throws(LoopError) -> (LoopThread, LoopPort) {
        let parker = Parker()
        let outcome = Box<Result<LoopPort, LoopError>>(.failure(.stopped))
        let thread = try LoopThread(name: name) {
            do throws(LoopError) {
                let loop = try EventLoop(index: index)
                outcome.set(.success(loop.port))
                parker.unpark()
                loop.run()
            } catch {
                outcome.set(.failure(error))
                parker.unpark()
            }
        }
        parker.park()
        switch outcome.get() {
        case .success(let port): return (thread, port)
        case .failure(let error):
            thread.end()
            throw error
        }
    }
}

extension LoopGroup {
    /// Listens on an address with every loop of the group, which share the port (SO_REUSEPORT).
    ///
    /// Looks the host up, makes sure that nobody listens there yet, then opens one socket a loop. Where the port is
    /// 0, all loops share the one that the first got. Blocks; never to be called on a loop of this group.
    ///
    /// - Parameters:
    ///   - address: Where to listen.
    ///   - accept: Gets each connection, on the loop it will live on (`stream.loop`).
    /// - Returns: The open sockets; their `port` is the one really taken.
    /// - Throws: ``LoopError``; then no loop listens there.
    package func listen(
        _ address: ListenAddress,
        accept: @escaping @Sendable (TCPStream) -> Void
    ) throws(LoopError) -> GroupListener {
        let resolved = try address.resolve()
        if address.port != 0 { try resolved.probe() }
        let listener = GroupListener(group: self)
        do {
            try onEach { loop in
                let taken = listener.port
                let shared = taken == 0 ? resolved : resolved.with(port: taken)
                let one = try TCPListener(
                    loop: loop,
                    address: shared,
                    reusePort: true,
                    accept: accept
                )
                listener.add(one, on: loop)
            }
        } catch {
            listener.close()
            throw (error as? LoopError) ?? .stopped
        }
        return listener
    }
}
