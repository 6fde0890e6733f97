internal import CCurl
internal import Loops
internal import Primitives

/// The part of a client on one loop: a libcurl multi handle whose sockets and times the loop watches.
@safe final class ClientLoop {
    /// How many idle libcurl handles are kept for the next requests.
    private static let sparesMax = 64
    /// How many idle connections are kept open.
    private static let idleConnectionsMax = 256

    private let loop: EventLoop
    private let concurrentMax: Int
    private let userAgent: String
    // Open until `stop`; nothing that passes `isStopped` comes after.
    private let multi: UnsafeMutableRawPointer
    private var isStopped = false
    private var transfers: [UInt64: Transfer] = [:]
    private var activeCount = 0
    private var waiting = WaitingLine()
    private var watches: [Int32: DescriptorWatch] = [:]
    private var timer: LoopTimer?
    /// How often libcurl has set its timer: what was set before does not count any more.
    private var timerNumber: UInt64 = 0
    private var spares: [EasyHandle] = []
    private var isStartingNext = false

    /// Makes the multi handle on the loop that will run it.
    init(loop: EventLoop, concurrentMax: Int, userAgent: String) throws(LoopError) {
        guard let multi = unsafe curl_multi_init() else {
            throw .system(code: -ENOMEM, doing: "making an HTTP client")
        }
        self.loop = loop
        self.concurrentMax = concurrentMax
        self.userAgent = userAgent
        unsafe self.multi = multi
        // The multi handle calls back only out of calls made by this object, which is alive then.
        let me = unsafe Unmanaged.passUnretained(self).toOpaque()
        let codes = unsafe [
            sluice_multi_set_socket_callback(multi, curlWatches),
            sluice_multi_set_pointer(multi, CURLMOPT_SOCKETDATA, me),
            sluice_multi_set_timer_callback(multi, curlSetsTimer),
            sluice_multi_set_pointer(multi, CURLMOPT_TIMERDATA, me),
            sluice_multi_set_long(
                multi,
                CURLMOPT_MAXCONNECTS,
                min(ClientLoop.idleConnectionsMax, max(1, ProcessLimits.reservedFiles / 8))
            ),
        ]
        precondition(codes.allSatisfy { $0 == CURLM_OK }, "libcurl refused a documented option")
    }

    /// Takes a request: starts it, or lets it wait for a place.
    func take(_ number: UInt64, _ call: OutboundCall) {
        if isStopped { return call.onFinish(.failure(.cancelled)) }
        let transfer = Transfer(number: number, call: call)
        let left = call.deadline.since(Instant.now())
        transfer.timer = loop.schedule(after: left) { [weak self] in self?.timeIsOver(number) }
        transfers[number] = transfer
        if activeCount < concurrentMax { start(transfer) } else { waiting.append(number) }
    }

    /// Ends a request as cancelled, wherever it is.
    func cancel(_ number: UInt64) {
        guard let transfer = transfers[number] else { return }
        end(transfer, .failure(.cancelled))
    }

    /// Ends all requests as cancelled, and the multi handle.
    func stop() {
        if isStopped { return }
        isStopped = true
        for (_, transfer) in transfers.sorted(by: { $0.key < $1.key }) {
            end(transfer, .failure(.cancelled))
        }
        spares = []
        // Closes the kept connections, which ends their watches. Fails only for a handle that is none.
        _ = unsafe curl_multi_cleanup(multi)
        for watch in watches.values { watch.cancel() }
        watches = [:]
        timer?.cancel()
        timer = nil
    }

    // MARK: The life of a request

    private func start(_ transfer: Transfer) {
        activeCount += 1
        do throws(OutboundError) {
            guard let easy = spares.popLast() ?? EasyHandle() else {
                throw .protocolError("out of memory")
            }
            transfer.easy = easy
            try transfer.prepare(userAgent: userAgent)
            try enter(easy)
        } catch {
            end(transfer, .failure(error))
        }
    }

    private func enter(_ easy: EasyHandle) throws(OutboundError) {
        let code = unsafe curl_multi_add_handle(multi, easy.handle)
        if code != CURLM_OK { throw .protocolError("libcurl cannot take it (\(code.rawValue))") }
        easy.isEntered = true
    }

    private func leave(_ easy: EasyHandle) {
        guard easy.isEntered else { return }
        easy.isEntered = false
        // Fails only for a handle that is not in the multi handle.
        _ = unsafe curl_multi_remove_handle(multi, easy.handle)
    }

    private func timeIsOver(_ number: UInt64) {
        guard let transfer = transfers[number] else { return }
        let request = transfer.request
        end(
            transfer,
            .failure(.timedOut(after: request.timeout, connected: transfer.hasConnected))
        )
    }

    private func isDone(_ transfer: Transfer, _ easy: EasyHandle, _ code: CURLcode) {
        leave(easy)
        do throws(OutboundError) {
            if try transfer.follow(code) {
                easy.reset()
                try transfer.prepare(userAgent: userAgent)
                try enter(easy)
            } else {
                end(transfer, .success(try transfer.response(code)))
            }
        } catch {
            end(transfer, .failure(error))
        }
    }

    /// Ends a request in whatever state it is: the one way out, taken exactly once.
    private func end(_ transfer: Transfer, _ result: Result<OutboundResponse, OutboundError>) {
        guard transfers.removeValue(forKey: transfer.number) != nil else { return }
        transfer.timer?.cancel()
        if transfer.isStarted { activeCount -= 1 }
        if let easy = transfer.easy {
            leave(easy)
            transfer.easy = nil
            if spares.count < ClientLoop.sparesMax && !isStopped {
                easy.reset()
                spares.append(easy)
            }
        }
        transfer.onFinish(result)
        startNext()
    }

    private func startNext() {
        // Not recursive: a request that fails at once would otherwise end inside the end of another.
        if isStopped || isStartingNext { return }
        isStartingNext = true
        while activeCount < concurrentMax, let number = waiting.removeFirst() {
            // One that ended while it waited is still in the line.
            if let next = transfers[number] { start(next) }
        }
        isStartingNext = false
    }

    // MARK: libcurl and the loop

    fileprivate func watch(_ descriptor: Int32, _ what: Int32) -> Bool {
        if what == CURL_POLL_REMOVE {
            watches.removeValue(forKey: descriptor)?.cancel()
            return true
        }
        let events = DescriptorEvents(rawValue: what & 3)
        if let watch = watches[descriptor] {
            watch.update(events)
            return true
        }
        do throws(LoopError) {
            watches[descriptor] = try loop.watch(descriptor, for: events) { [weak self] ready in
                self?.act(on: descriptor, ready.rawValue)
            }
            return true
        } catch {
            // libcurl then fails the transfers, which tell their owners.
            return false
        }
    }

    fileprivate func setTimer(_ milliseconds: Int) {
        timer?.cancel()
        timer = nil
        timerNumber &+= 1
        guard milliseconds >= 0 else { return }
        if milliseconds == 0 {
            // Before the loop sleeps: a timer would have every request wait for the next whole millisecond.
            let number = timerNumber
            return loop.defer { [weak self] in
                guard let self, timerNumber == number else { return }
                act(on: CURL_SOCKET_TIMEOUT, 0)
            }
        }
        timer = loop.schedule(after: .milliseconds(Int64(milliseconds))) { [weak self] in
            self?.timer = nil
            self?.act(on: CURL_SOCKET_TIMEOUT, 0)
        }
    }

    private func act(on descriptor: Int32, _ events: Int32) {
        if isStopped { return }
        var running: Int32 = 0
        // What goes wrong with one transfer is told by its message below.
        _ = unsafe curl_multi_socket_action(multi, descriptor, events, &running)
        var left: Int32 = 0
        while !isStopped, let message = unsafe curl_multi_info_read(multi, &left) {
            var code = CURLE_OK
            guard let handle = unsafe sluice_message_done(message, &code),
                let transfer = unsafe transfers[EasyHandle.number(of: handle)],
                let easy = transfer.easy
            else { continue }
            isDone(transfer, easy, code)
        }
    }
}

private func curlWatches(
    _ easy: UnsafeMutableRawPointer?,
    _ descriptor: curl_socket_t,
    _ what: Int32,
    _ context: UnsafeMutableRawPointer?,
    _ unused: UnsafeMutableRawPointer?
) -> Int32 {
    guard let context = unsafe context else { return -1 }
    let loop = unsafe Unmanaged<ClientLoop>.fromOpaque(context).takeUnretainedValue()
    return loop.watch(descriptor, what) ? 0 : -1
}

private func curlSetsTimer(
    _ multi: UnsafeMutableRawPointer?,
    _ milliseconds: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int32 {
    guard let context = unsafe context else { return -1 }
    unsafe Unmanaged<ClientLoop>.fromOpaque(context).takeUnretainedValue().setTimer(milliseconds)
    return 0
}
