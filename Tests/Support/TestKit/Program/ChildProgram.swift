internal import Glibc

/// A child process whose output is kept line by line; it is killed at the end of this object's life.
package final class ChildProgram: Sendable {
    /// Which of the two outputs a line came on.
    package enum Stream: Sendable {
        case output, errors
    }

    /// One line of output, without its line feed.
    package struct Line: Sendable {
        /// Where it came.
        package let stream: Stream
        /// The text.
        package let text: String
    }

    /// The child's process id.
    package let pid: Int32
    private let state = Watched(State())

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - path: The executable; it is not looked for in PATH.
    ///   - arguments: Without the program's own name.
    ///   - environment: Variables that are set, or replaced, in addition to this process's own.
    ///   - directory: The working directory; nil keeps this process's own.
    ///   - onLine: Called for each line as it comes, on a thread of the kit.
    /// - Throws: ``KitError/missing(_:)`` or ``KitError/system(call:errno:)`` when it cannot be started.
    package init(
        _ path: String,
        _ arguments: [String] = [],
        environment: [String: String] = [:],
        directory: String? = nil,
        onLine: (@Sendable (Line) -> Void)? = nil
    ) throws(KitError) {
        guard Files.exists(path) else { throw .missing(path) }
        let spawn = try Spawn(
            path: path,
            arguments: arguments,
            environment: environment,
            directory: directory
        )
        pid = spawn.pid
        let state = self.state
        Self.reap(spawn.pid, into: state)
        Self.read(spawn.output, .output, into: state, onLine)
        Self.read(spawn.errors, .errors, into: state, onLine)
    }

    deinit {
        signal(SIGKILL)
        _ = state.wait(until: .standard) { $0.status }
    }

    /// Every line so far, both outputs together in the order they were read.
    package var lines: [Line] { state.withLock { $0.lines } }

    /// Standard output so far.
    package var output: String { text(of: .output) }

    /// Standard error so far.
    package var errors: String { text(of: .errors) }

    /// Waits for a line that contains `text` and gives it, a line that already came too.
    package func waitForLine(
        containing text: String,
        deadline: Deadline = .standard
    ) throws(KitError) -> String {
        let found = state.wait(until: deadline) { state -> String?? in
            if let line = state.lines.first(where: { $0.text.contains(text) }) { return line.text }
            return state.isOver ? .some(nil) : nil
        }
        switch found {
        case .some(let line?): return line
        case .some(nil): throw .closed(doing: "waiting for a line with \(text):\n\(errors)")
        case nil: throw .deadlinePassed(doing: "waiting for a line with \(text):\n\(errors)")
        }
    }

    /// How the child ended; nil while it runs.
    package var statusIfEnded: ExitStatus? { state.withLock { $0.status } }

    /// Sends a signal, unless the child has ended.
    package func signal(_ number: Int32) {
        state.withLock { state in
            // It is reaped under this lock, so its id cannot belong to another process yet.
            if state.status == nil { kill(pid, number) }
        }
    }

    /// Waits until the child has ended and all its output is read.
    package func waitForExit(deadline: Deadline = .standard) throws(KitError) -> ExitStatus {
        let status = state.wait(until: deadline) { $0.isOver ? $0.status : nil }
        guard let status else { throw .deadlinePassed(doing: "waiting for process \(pid) to end") }
        return status
    }

    /// What changes while the child runs.
    private struct State {
        var lines: [Line] = []
        var openStreams = 2
        var status: ExitStatus?

        var isOver: Bool { status != nil && openStreams == 0 }
    }

    private func text(of stream: Stream) -> String {
        lines.filter { $0.stream == stream }.map { $0.text + "\n" }.joined()
    }

    private static func reap(_ pid: pid_t, into state: Watched<State>) {
        _ = KitThread {
            var info = unsafe siginfo_t()
            while unsafe waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT) != 0, errno == EINTR {}
            state.withLock { state in
                var word: Int32 = 0
                unsafe waitpid(pid, &word, 0)
                state.status = ExitStatus(word: word)
            }
        }
    }

    private static func read(
        _ pipe: Int32,
        _ stream: Stream,
        into state: Watched<State>,
        _ onLine: (@Sendable (Line) -> Void)?
    ) {
        _ = KitThread {
            var lines = LineReader(pipe)
            while let text = lines.next() {
                let line = Line(stream: stream, text: text)
                state.withLock { $0.lines.append(line) }
                onLine?(line)
            }
            state.withLock { $0.openStreams -= 1 }
        }
    }
}
