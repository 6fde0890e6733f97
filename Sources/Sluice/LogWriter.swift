package import Configuration
package import Journal
package import Platform
package import Primitives

/// The log thread: the only writer of log lines, behind a bounded queue.
///
/// Any thread may hand it records; it never makes one wait. What does not fit the queue is dropped and counted, and
/// the count is told as soon as there is room.
package final class LogWriter: Sendable {
    /// Records the queue holds, in bytes of their text.
    package static let queuedBytesMax = 8 << 20

    private let format: LogFormat
    private let stream: Console.Stream
    private let queue = Lock(Queue())
    private let parker = Parker()
    private let thread = Lock<WorkerThread?>(nil)

    /// Starts the log thread.
    ///
    /// - Parameters:
    ///   - format: How lines look.
    ///   - stream: Where they go.
    package init(format: LogFormat, stream: Console.Stream) {
        self.format = format
        self.stream = stream
        let thread = WorkerThread(name: "log") { [unowned self] in writeUntilClosed() }
        self.thread.withLock { $0 = thread }
    }

    /// A log that hands records of at least `level` to this writer, without the secrets in them.
    package func log(level: LogLevel, redaction: Redaction = Redaction([])) -> Log {
        Log(level: level) { [self] record in take(redaction.record(record)) }
    }

    /// Writes what is queued and ends the thread.
    package func close() {
        queue.withLock { $0.isClosed = true }
        parker.unpark()
        thread.withLock { thread in
            defer { thread = nil }
            return thread
        }?.join()
    }

    private func take(_ record: LogRecord) {
        var line: [UInt8] = []
        format.append(record, to: &line)
        let isFirst = queue.withLock { queue -> Bool in
            guard !queue.isClosed, queue.byteCount + line.count <= Self.queuedBytesMax else {
                queue.droppedCount += 1
                return false
            }
            queue.lines.append(line)
            queue.byteCount += line.count
            return queue.lines.count == 1
        }
        if isFirst { parker.unpark() }
    }

    private func writeUntilClosed() {
        while true {
            let taken = queue.withLock { queue -> Queue in
                defer { queue = Queue(isClosed: queue.isClosed) }
                return queue
            }
            Console.write(Array(taken.lines.joined()), to: stream)
            if taken.droppedCount > 0 { tellDropped(taken.droppedCount) }
            if taken.lines.isEmpty {
                if taken.isClosed { return }
                parker.park()
            }
        }
    }

    private func tellDropped(_ count: Int) {
        var line: [UInt8] = []
        format.append(
            LogRecord(
                time: .now(),
                level: .warning,
                message: "Log lines dropped: the queue was full",
                fields: [.init("count", count)]
            ),
            to: &line
        )
        Console.write(line, to: stream)
    }

    /// What waits to be written.
    private struct Queue {
        var lines: [[UInt8]] = []
        var byteCount = 0
        var droppedCount = 0
        var isClosed = false
    }
}
