internal import CLibUV
internal import Glibc
internal import Primitives

/// A program that runs as a child process behind a guard, so that nothing of it outlives this process.
///
/// Bound to its loop. It lives until it has ended, also when nobody holds it. Its outputs are read for its whole life.
/// When the loop stops, the guard kills the program and all its descendants.
@safe package final class ChildProcess {
    /// What hears the program's output, as it comes; at most 64 KiB a call.
    package typealias OnOutput = (ChildStream, [UInt8]) -> Void

    // Alive until the close callback; nil from the moment it begins to close.
    private var process: UnsafeMutablePointer<uv_process_t>?
    private let loop: EventLoop
    private let control: ChildPipe
    private let input: ChildPipe?
    private var outputs: [ChildPipe] = []
    private var openCount = 0
    private var messages: [UInt8] = []
    private var end: ChildEnd?
    private var hasGuardEnded = false
    private var onEnd: ((ChildEnd) -> Void)?
    /// Held by itself until it is closed.
    private var me: ChildProcess?

    /// How long the outputs may stay open once the guard is gone.
    private static let drainTime = Nanoseconds.seconds(1)

    /// The program's process id; nil until it has started.
    package private(set) var programID: Int?

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - loop: The loop this runs on.
    ///   - command: The program.
    ///   - onOutput: Hears its output; never after `onEnd`.
    ///   - onEnd: Called once on the loop, when the program and its descendants are gone and all output is read; not
    ///     where the loop stops before.
    /// - Throws: ``LoopError/system(code:doing:)`` when the guard cannot be started.
    package init(
        loop: EventLoop,
        command: ChildCommand,
        onOutput: @escaping OnOutput,
        onEnd: @escaping (ChildEnd) -> Void
    ) throws(LoopError) {
        self.loop = loop
        self.onEnd = onEnd
        control = ChildPipe(loop: loop)
        input = command.input == nil ? nil : ChildPipe(loop: loop)
        outputs = [ChildPipe(loop: loop), ChildPipe(loop: loop)]
        let process = UnsafeMutablePointer<uv_process_t>.allocate(capacity: 1)
        unsafe process.initialize(to: uv_process_t())
        unsafe self.process = process
        let code = unsafe spawn(process, command)
        unsafe process.pointee.data = Unmanaged.passRetained(self).toOpaque()
        if code < 0 {
            close()
            throw .system(code: code, doing: "starting the guard \(command.guardPath)")
        }
        me = self
        listen(onOutput)
        if let input, let bytes = command.input {
            input.write(bytes)
            input.closeWhenWritten()
        }
    }

    /// Asks the program's process group to end (SIGTERM).
    package func terminate() {
        control.write([UInt8(ascii: "t")])
    }

    /// Kills the program and all its descendants.
    package func kill() {
        control.write([UInt8(ascii: "k")])
    }

    /// Lets go of everything at once; the guard kills what is left.
    ///
    /// `onEnd` is not called any more.
    func close() {
        onEnd = nil
        me = nil
        control.close()
        input?.close()
        for output in outputs { output.close() }
        closeProcess()
    }

    private func closeProcess() {
        guard let process = unsafe process else { return }
        unsafe self.process = nil
        if !hasGuardEnded { unsafe Self.reap(process.pointee.pid) }
        unsafe uv_close(process.seen(as: uv_handle_t.self), processDidClose)
    }

    /// Waits for a guard that nobody watches any more, so that it does not stay behind as a zombie.
    private static func reap(_ process: Int32) {
        _ = WorkerThread(name: "reaper", stackBytes: 1 << 17) {
            while waitpid(process, nil, 0) < 0, errno == EINTR {}
        }
    }

    private func listen(_ onOutput: @escaping OnOutput) {
        openCount = 3
        for (pipe, stream) in zip(outputs, [ChildStream.output, .errors]) {
            pipe.onBytes = { bytes in
                onOutput(stream, unsafe bytes.withUnsafeBytes { unsafe Array($0) })
            }
            pipe.onEnd = { [unowned self] in pipeEnded() }
            pipe.startReading()
        }
        control.onBytes = { [unowned self] bytes in
            unsafe bytes.withUnsafeBytes { unsafe messages.append(contentsOf: $0) }
            readMessages()
        }
        control.onEnd = { [unowned self] in pipeEnded() }
        control.startReading()
    }

    private func spawn(
        _ process: UnsafeMutablePointer<uv_process_t>,
        _ command: ChildCommand
    ) -> Int32 {
        let readable = UV_CREATE_PIPE.rawValue | UV_READABLE_PIPE.rawValue
        let writable = UV_CREATE_PIPE.rawValue | UV_WRITABLE_PIPE.rawValue
        var stdio = unsafe [
            Self.container(input, readable), Self.container(outputs[0], writable),
            Self.container(outputs[1], writable), Self.container(control, readable | writable),
        ]
        let variables = ChildEnvironment.merged(command.environment)
        return unsafe CStrings.withPointers(command.guardWords) { words in
            unsafe CStrings.withPointers(variables) { variables in
                unsafe stdio.withUnsafeMutableBufferPointer { stdio in
                    var options = unsafe uv_process_options_t()
                    unsafe options.exit_cb = guardDidExit
                    unsafe options.file = UnsafePointer(words[0])
                    unsafe options.args = words
                    unsafe options.env = variables
                    unsafe options.flags = UV_PROCESS_DETACHED.rawValue
                    unsafe options.stdio_count = Int32(stdio.count)
                    unsafe options.stdio = stdio.baseAddress
                    return unsafe uv_spawn(loop.uv, process, &options)
                }
            }
        }
    }

    private static func container(
        _ pipe: ChildPipe?,
        _ flags: UInt32
    ) -> uv_stdio_container_t {
        var container = unsafe uv_stdio_container_t()
        unsafe container.flags = uv_stdio_flags(rawValue: pipe == nil ? 0 : flags)
        if let pipe { unsafe container.data.stream = pipe.stream }
        return unsafe container
    }

    /// Reads the guard's messages: a letter and a number of four bytes each (CProcess.h).
    private func readMessages() {
        while messages.count >= 5 {
            let number = messages[1..<5].reversed().reduce(0) { $0 << 8 | Int($1) }
            switch messages[0] {
            case UInt8(ascii: "s"): programID = number
            case UInt8(ascii: "e"): end = .exited(number)
            case UInt8(ascii: "g"): end = .signalled(number)
            case UInt8(ascii: "x"): end = .notStarted(reason: Self.reason(number))
            case UInt8(ascii: "c"): end = .directoryRefused(reason: Self.reason(number))
            default: break
            }
            messages.removeFirst(5)
        }
    }

    private static func reason(_ number: Int) -> String {
        guard let text = unsafe strerror(Int32(clamping: number)) else { return "error \(number)" }
        return unsafe String(cString: text)
    }

    private func pipeEnded() {
        openCount -= 1
        finishIfOver()
    }

    fileprivate func guardEnded() {
        hasGuardEnded = true
        closeProcess()
        finishIfOver()
        guard onEnd != nil else { return }
        // Only where the guard was killed can somebody still hold the outputs.
        loop.schedule(after: Self.drainTime) { [weak self] in self?.finish() }
    }

    private func finishIfOver() {
        if hasGuardEnded, openCount == 0 { finish() }
    }

    private func finish() {
        guard let onEnd else { return }
        close()
        onEnd(end ?? .lost)
    }
}

@available(*, unavailable)
extension ChildProcess: Sendable {}

private func guardDidExit(
    _ handle: UnsafeMutablePointer<uv_process_t>?,
    _ code: Int64,
    _ signal: Int32
) {
    guard let data = unsafe handle?.pointee.data else { return }
    unsafe Unmanaged<ChildProcess>.fromOpaque(data).takeUnretainedValue().guardEnded()
}

private func processDidClose(_ handle: UnsafeMutablePointer<uv_handle_t>?) {
    guard let handle = unsafe handle else { return }
    if let data = unsafe handle.pointee.data {
        unsafe Unmanaged<ChildProcess>.fromOpaque(data).release()
    }
    unsafe handle.seen(as: uv_process_t.self).deallocate()
}
