internal import Glibc
internal import Primitives

/// A real HTTP/1.1 server on this machine for tests: it keeps every request and answers by a closure.
///
/// It stands on blocking sockets and one thread a connection, and shares no code with the server under test. The
/// closure runs on the connection's thread and may block: a callback that must come before the answer is sent in it, one
/// that must come after in ``ScriptedAnswer/afterwards``.
package final class ScriptedService: Sendable {
    /// What a service does with a request.
    package typealias Script = @Sendable (ScriptedRequest) -> ScriptedAnswer

    /// The port it listens on.
    package let port: Int
    private let host: String
    private let listener: Int32
    private let script: Script
    private let state = Watched(State())

    /// Starts a service that answers every request by `script`.
    ///
    /// - Parameters:
    ///   - host: The address of this machine to listen on.
    ///   - port: The port to listen on; 0 takes a free one.
    ///   - script: Called for each request, on its connection's thread.
    /// - Throws: ``KitError/system(call:errno:)`` where the port is taken.
    package init(
        host: String = "127.0.0.1",
        port: Int = 0,
        script: @escaping Script
    ) throws(KitError) {
        (listener, self.port) = try Loopback.listen(host: host, port: port)
        self.host = host
        self.script = script
        run { service in service.acceptConnections() }
    }

    /// Starts a service with a script a route (`POST /jobs`); any other request gets 404.
    package convenience init(port: Int = 0, routes: [String: Script]) throws(KitError) {
        try self.init(port: port) { request in
            routes[request.route]?(request) ?? .json(404, #"{"error":"no such route"}"#)
        }
    }

    /// The service's address without a slash at the end: `http://127.0.0.1:9101`.
    package var url: String { "http://\(host):\(port)" }

    /// Every request so far, in the order they came.
    package var requests: [ScriptedRequest] { state.withLock { $0.requests } }

    /// Every request so far of one route (`POST /jobs`).
    package func requests(matching route: String) -> [ScriptedRequest] {
        requests.filter { $0.route == route }
    }

    /// Waits for a request of a route.
    ///
    /// - Parameters:
    ///   - route: Method and path: `POST /jobs`.
    ///   - count: 1 for the first request of the route, 2 for the second, and so on.
    ///   - deadline: When to give up.
    /// - Returns: The request; it may have come before this call.
    /// - Throws: ``KitError/deadlinePassed(doing:)``.
    @discardableResult
    package func waitForRequest(
        matching route: String,
        count: Int = 1,
        deadline: Deadline = .standard
    ) throws(KitError) -> ScriptedRequest {
        let found = state.wait(until: deadline) { state in
            state.requests.lazy.filter { $0.route == route }.dropFirst(count - 1).first
        }
        guard let found else {
            throw .deadlinePassed(doing: "waiting for request \(count) of \(route)")
        }
        return found
    }

    /// Closes the port and every connection, and waits for the threads, `afterwards` closures too.
    package func stop() {
        let (isFirst, sockets) = state.withLock { state in
            defer { state.isStopping = true }
            return (!state.isStopping, state.sockets)
        }
        guard isFirst else { return }
        SocketTransport.interrupt(listener)
        for socket in sockets { SocketTransport.interrupt(socket) }
        _ = state.wait(until: .seconds(600)) { $0.threadCount == 0 ? true : nil }
        close(listener)
    }

    /// What changes while the service runs.
    private struct State {
        var requests: [ScriptedRequest] = []
        var connections = 0
        var sockets: Set<Int32> = []
        /// How many threads there are.
        var threadCount = 0
        var isStopping = false
    }

    private func acceptConnections() {
        while true {
            let socket = Loopback.accept(on: listener)
            if socket < 0 {
                if errno == EINTR || errno == ECONNABORTED { continue }
                return
            }
            let connection = state.withLock { state -> Int? in
                guard !state.isStopping else { return nil }
                state.connections += 1
                state.sockets.insert(socket)
                return state.connections
            }
            guard let connection else {
                close(socket)
                return
            }
            run { service in service.serve(socket, connection: connection) }
        }
    }

    private func serve(_ socket: Int32, connection: Int) {
        let stream = BufferedConnection(socket: socket)
        var isOpen = true
        while isOpen { isOpen = answerNext(on: stream, connection: connection) }
        // The number is taken out before the socket closes, so that `stop` never meets it in another's hands.
        state.withLock { state in _ = state.sockets.remove(socket) }
        withExtendedLifetime(stream) {}
    }

    /// Serves one request; false when the connection is over.
    ///
    /// A peer that goes away or sends no HTTP ends it too: the test sees that in what it did or did not get.
    private func answerNext(on stream: BufferedConnection, connection: Int) -> Bool {
        do throws(KitError) {
            let request = try ScriptedRequest.read(
                from: stream,
                connection: connection,
                deadline: .seconds(600)
            )
            guard let request else { return false }
            let answer = script(keep(request))
            if answer.status != 0 { try stream.send(answer.message, deadline: .standard) }
            if let pieces = answer.pieces {
                var failure: KitError?
                pieces { text in
                    do throws(KitError) {
                        if failure == nil {
                            try stream.send(Array(text.utf8), deadline: .standard)
                        }
                    } catch {
                        failure = error
                    }
                }
                return false
            }
            if let afterwards = answer.afterwards { run { _ in afterwards() } }
            return !answer.closes
        } catch {
            return false
        }
    }

    private func keep(_ request: ScriptedRequest) -> ScriptedRequest {
        var request = request
        state.withLock { state in
            request.number = state.requests.count + 1
            state.requests.append(request)
        }
        return request
    }

    /// Runs a body on a thread that `stop` waits for.
    private func run(_ body: @escaping @Sendable (ScriptedService) -> Void) {
        state.withLock { $0.threadCount += 1 }
        // Nobody joins it: a thread that has ended and is not joined keeps its stack.
        _ = KitThread { [self] in
            body(self)
            state.withLock { $0.threadCount -= 1 }
        }
    }
}
