internal import CLibUV
package import Primitives

/// One libuv loop, on one thread of a ``LoopGroup``.
///
/// Everything of it happens on that thread: it is not Sendable, and what is made by it is not either. Other threads
/// reach it through its ``port``.
@safe package final class EventLoop {
    /// How many bytes one read takes at most; the size of the shared read buffer.
    package static let readBytesMax = 65_536
    /// How many bytes after the read ones may be looked at.
    static let readPadding = 64

    /// The loop's place in its group, from 0.
    package let index: Int
    /// The door for other threads.
    package let port: LoopPort

    /// The C loop, whose `data` is the read buffer.
    ///
    /// Alive as long as this object; open until `run` returns.
    let uv: UnsafeMutablePointer<uv_loop_t>
    private let readBuffer: UnsafeMutableRawPointer
    private let beforeWaiting: UnsafeMutablePointer<uv_prepare_t>
    private let afterWaiting: UnsafeMutablePointer<uv_check_t>
    private let notWaiting: UnsafeMutablePointer<uv_idle_t>
    private let inbox: Inbox
    private var spareWork: [Inbox.Work] = []
    private var deferred: [() -> Void] = []
    private var spareDeferred: [() -> Void] = []
    private var listeners: [ObjectIdentifier: TCPListener] = [:]
    private var groupListeners: [UInt64: TCPListener] = [:]
    private var isStopping = false

    /// Makes the loop on the thread that will run it.
    init(index: Int) throws(LoopError) {
        self.index = index
        unsafe uv = .allocate(capacity: 1)
        unsafe readBuffer = .allocate(
            byteCount: EventLoop.readBytesMax + EventLoop.readPadding,
            alignment: 64
        )
        unsafe readBuffer.initializeMemory(
            as: UInt8.self,
            repeating: 0,
            count: EventLoop.readBytesMax + EventLoop.readPadding
        )
        unsafe beforeWaiting = .allocate(capacity: 1)
        unsafe afterWaiting = .allocate(capacity: 1)
        unsafe notWaiting = .allocate(capacity: 1)
        try check(unsafe uv_loop_init(uv), "making an event loop")
        unsafe uv.pointee.data = readBuffer
        inbox = try unsafe Inbox(on: uv)
        port = LoopPort(inbox)
        inbox.attach(to: self)
        startTurnHooks()
    }

    deinit {
        unsafe uv.deallocate()
        unsafe readBuffer.deallocate()
        unsafe beforeWaiting.deallocate()
        unsafe afterWaiting.deallocate()
        unsafe notWaiting.deallocate()
    }

    /// The time at the start of this turn, on the clock of `Instant.now()`, in whole milliseconds rounded down.
    package var now: Instant {
        Instant(nanoseconds: unsafe uv_now(uv) &* 1_000_000)
    }

    /// Has `work` done at the end of this turn: before the loop next waits for its sockets.
    ///
    /// In the order given; what deferred work defers is done in the next turn, without waiting.
    package func `defer`(_ work: @escaping () -> Void) {
        deferred.append(work)
    }

    /// Runs the loop on the calling thread until ``stop()``, then closes all that is open on it.
    func run() {
        while !isStopping {
            // What it returns says whether handles are left: the inbox always is.
            _ = unsafe uv_run(uv, UV_RUN_DEFAULT)
        }
        for work in inbox.close() { work(self) }
        groupListeners = [:]
        repeat {
            doDeferred()
            for listener in Array(listeners.values) { listener.close() }
            unsafe uv_walk(uv, closeHandle, nil)
            _ = unsafe uv_run(uv, UV_RUN_NOWAIT)
        } while unsafe uv_loop_alive(uv) != 0
        let left = unsafe uv_loop_close(uv)
        precondition(left == 0, "an event loop was closed with open handles")
        // What the last closures still put off would hold this object for ever.
        deferred = []
    }

    /// Makes `run` come to its end after this step.
    func stop() {
        isStopping = true
        unsafe uv_stop(uv)
    }

    /// Holds a listener so that a stop closes it.
    func keep(_ listener: TCPListener) {
        listeners[ObjectIdentifier(listener)] = listener
    }

    /// Lets a closed listener go.
    func forget(_ listener: TCPListener) {
        listeners[ObjectIdentifier(listener)] = nil
    }

    /// Notes this loop's part of a group's listener.
    func note(_ listener: TCPListener, _ number: UInt64) {
        groupListeners[number] = listener
    }

    /// Closes this loop's part of a group's listener.
    func closeListener(_ number: UInt64) {
        groupListeners.removeValue(forKey: number)?.closeBehindQueue()
    }

    /// How many milliseconds after the turn's start `delay` from this moment is over; never too few.
    func millisecondsUntil(_ delay: Nanoseconds) -> UInt64 {
        let due = Instant.now().advanced(by: delay).nanoseconds
        let dueMilliseconds = due == 0 ? 0 : (due - 1) / 1_000_000 + 1
        let started = unsafe uv_now(uv)
        return dueMilliseconds > started ? dueMilliseconds - started : 0
    }

    /// Does what other threads have posted; called by the inbox's wake-up.
    func emptyInbox() {
        var work = inbox.takeAll(leaving: spareWork)
        spareWork = []
        for one in work { one(self) }
        work.removeAll(keepingCapacity: true)
        spareWork = work
    }

    fileprivate func doDeferred() {
        if deferred.isEmpty { return }
        var work = deferred
        deferred = spareDeferred
        spareDeferred = []
        for one in work { one() }
        work.removeAll(keepingCapacity: true)
        spareDeferred = work
        // A loop that is going down does not wait any more.
        if isStopping { return }
        // What was deferred meanwhile must not wait for a socket: an idle handle keeps the loop turning.
        if deferred.isEmpty {
            _ = unsafe uv_idle_stop(notWaiting)
        } else {
            _ = unsafe uv_idle_start(notWaiting, loopIdles)
        }
    }

    private func startTurnHooks() {
        let me = unsafe Unmanaged.passUnretained(self).toOpaque()
        // None of these can fail for a callback that is not null.
        _ = unsafe uv_prepare_init(uv, beforeWaiting)
        _ = unsafe uv_check_init(uv, afterWaiting)
        _ = unsafe uv_idle_init(uv, notWaiting)
        unsafe beforeWaiting.pointee.data = me
        unsafe afterWaiting.pointee.data = me
        _ = unsafe uv_prepare_start(beforeWaiting, loopWillWait)
        _ = unsafe uv_check_start(afterWaiting, loopDidWait)
    }
}

@available(*, unavailable)
extension EventLoop: Sendable {}

private func loopWillWait(_ handle: UnsafeMutablePointer<uv_prepare_t>?) {
    guard let data = unsafe handle?.pointee.data else { return }
    unsafe Unmanaged<EventLoop>.fromOpaque(data)._withUnsafeGuaranteedRef { $0.doDeferred() }
}

private func loopDidWait(_ handle: UnsafeMutablePointer<uv_check_t>?) {
    guard let data = unsafe handle?.pointee.data else { return }
    unsafe Unmanaged<EventLoop>.fromOpaque(data)._withUnsafeGuaranteedRef { $0.doDeferred() }
}

private func loopIdles(_ handle: UnsafeMutablePointer<uv_idle_t>?) {}

/// Closes whatever is open on a loop that is going down, through its Swift owner where it has one.
private func closeHandle(
    _ handle: UnsafeMutablePointer<uv_handle_t>?,
    _ unused: UnsafeMutableRawPointer?
) {
    guard let handle = unsafe handle, unsafe uv_is_closing(handle) == 0 else { return }
    guard let data = unsafe handle.pointee.data else { return unsafe uv_close(handle, nil) }
    switch unsafe handle.pointee.type {
    case UV_TCP: closeSocket(unsafe Unmanaged<AnyObject>.fromOpaque(data).takeUnretainedValue())
    case UV_TIMER: unsafe Unmanaged<LoopTimer>.fromOpaque(data).takeUnretainedValue().cancel()
    case UV_POLL: unsafe Unmanaged<DescriptorWatch>.fromOpaque(data).takeUnretainedValue().cancel()
    case UV_NAMED_PIPE: unsafe Unmanaged<ChildPipe>.fromOpaque(data).takeUnretainedValue().close()
    case UV_PROCESS: unsafe Unmanaged<ChildProcess>.fromOpaque(data).takeUnretainedValue().close()
    case UV_SIGNAL: unsafe Unmanaged<SignalWatch>.fromOpaque(data).takeUnretainedValue().cancel()
    default: unsafe uv_close(handle, nil)
    }
}

private func closeSocket(_ owner: AnyObject) {
    if let stream = owner as? TCPStream { return stream.close() }
    if let probe = owner as? PortProbe { probe.close() }
}

extension EventLoop {
    /// Calls `fire` on this loop once, not before `delay` from now is over, unless it is cancelled before.
    @discardableResult
    package func schedule(after delay: Nanoseconds, _ fire: @escaping () -> Void) -> LoopTimer {
        LoopTimer(loop: self, after: delay, period: nil, fire: fire)
    }

    /// Calls `fire` on this loop again and again, `period` (at least a millisecond) apart: a coarse tick.
    ///
    /// After a turn that took longer than a period, the missed ticks are left out.
    @discardableResult
    package func every(_ period: Nanoseconds, _ fire: @escaping () -> Void) -> LoopTimer {
        LoopTimer(loop: self, after: period, period: period, fire: fire)
    }

    /// Listens on an address and hands every accepted connection to `accept`, on this loop.
    ///
    /// Looks a host name up, which may block: call it at start. It does not probe; for all loops of a group at
    /// once, with a probe, use ``LoopGroup/listen(_:accept:)``.
    ///
    /// - Parameters:
    ///   - address: Where to listen; port 0 lets the system choose.
    ///   - reusePort: Whether other sockets with the same wish may share the port (SO_REUSEPORT).
    ///   - accept: Gets each connection; it sets the delegate and starts reading, or closes it.
    /// - Returns: The socket; its `port` is the one really taken.
    /// - Throws: ``LoopError``, by what the system says.
    @discardableResult
    package func listen(
        _ address: ListenAddress,
        reusePort: Bool,
        accept: @escaping (TCPStream) -> Void
    ) throws(LoopError) -> TCPListener {
        try TCPListener(
            loop: self,
            address: address.resolve(),
            reusePort: reusePort,
            accept: accept
        )
    }

    /// Watches a descriptor that something else owns, and calls `fire` on this loop when it is ready.
    ///
    /// Level-triggered: it fires in every turn until the readiness is used up.
    ///
    /// - Throws: ``LoopError/system(code:doing:)`` for a descriptor that cannot be watched, such as a plain file's.
    package func watch(
        _ descriptor: Int32,
        for events: DescriptorEvents,
        _ fire: @escaping (DescriptorEvents) -> Void
    ) throws(LoopError) -> DescriptorWatch {
        try DescriptorWatch(loop: self, descriptor: descriptor, events: events, fire: fire)
    }

    /// Catches signals, and calls `fire` with the signal's number on this loop.
    ///
    /// - Throws: ``LoopError/system(code:doing:)`` for a signal that cannot be caught; then none is.
    @discardableResult
    package func onSignal(
        _ signals: [Int32],
        _ fire: @escaping (Int32) -> Void
    ) throws(LoopError) -> [SignalWatch] {
        var watches: [SignalWatch] = []
        do throws(LoopError) {
            for number in signals {
                watches.append(try SignalWatch(loop: self, number: number, fire: fire))
            }
        } catch {
            for watch in watches { watch.cancel() }
            throw error
        }
        return watches
    }
}
