import Loops
import Primitives

/// One thread's part of a drive: its connections, what it sends, what it counts.
///
/// Bound to its loop.
final class LoadLoop {
    /// Its part of what is to be done.
    let assignment: Assignment
    /// Whether each connection carries one request.
    let isChurn: Bool
    private var tally = Tally()
    private let loop: EventLoop
    private let address: RemoteAddress
    private let latency: Histogram
    private var template: RequestTemplate
    private var connections: [LoadConnection?]
    private var connectionsOpen = 0
    private var buffer: [UInt8] = []

    /// The next request's number, and the one after the last.
    private var next: Int
    private let last: Int
    private var isSending = false
    private var isOver = false
    private var stop = UInt64.max
    private var pace: Pace?
    private var idle: [Int] = []
    private var sweep: LoopTimer?
    private var whenOver: ((Tally) -> Void)?

    /// Makes one of several parts: that of the loop's place in its group.
    init(
        _ assignment: Assignment,
        on loop: EventLoop,
        address: RemoteAddress,
        latency: Histogram
    ) {
        self.assignment = assignment
        self.loop = loop
        self.address = address
        self.latency = latency
        template = assignment.template
        isChurn = assignment.isChurn
        let (part, parts) = (loop.index, assignment.threads)
        next = assignment.countMax * part / parts
        last = assignment.countMax * (part + 1) / parts
        let share = assignment.connections * (part + 1) / parts
        connections = Array(repeating: nil, count: share - assignment.connections * part / parts)
        pace = assignment.rate.map { Pace(rate: $0, part: part, parts: parts) }
    }

    /// Opens the connections; in churn they come with the requests.
    func open() {
        if isChurn { return }
        for index in connections.indices { connect(index) }
    }

    /// Begins to send; `whenOver` gets the counts when the last answer is there or given up.
    func begin(at moment: UInt64, whenOver: @escaping (Tally) -> Void) {
        self.whenOver = whenOver
        isSending = true
        tally.began = moment
        if let duration = assignment.duration { stop = moment + UInt64(duration.count) }
        sweep = loop.every(.milliseconds(50)) { [weak self] in self?.look() }
        // One that was refused while the others were still being opened is tried again: nobody else would.
        if !isChurn {
            for index in connections.indices where connections[index] == nil { connect(index) }
        }
        if pace != nil {
            pace?.begin(at: moment)
            idle = connections.indices.reversed()
            pump()
        } else {
            for index in connections.indices { refill(index) }
        }
    }

    /// Closes everything.
    func close() {
        sweep?.cancel()
        for connection in connections { connection?.close() }
    }

    /// Notes what went wrong, the first time.
    func note(trouble: String) {
        if tally.firstTrouble == nil { tally.firstTrouble = trouble }
    }

    /// Counts an answer; how long it took is kept of successes alone.
    func take(_ request: LoadConnection.UnderWay, _ reader: borrowing AnswerReader, at now: UInt64)
    {
        tally.ended = now
        tally.statuses[reader.status, default: 0] += 1
        if (200..<300).contains(reader.status) {
            latency.record(now > request.due ? now - request.due : 0)
            read(request, reader)
        } else {
            if reader.status == 503, !reader.hasRetryAfter { tally.shedWithoutRetryAfter += 1 }
            note(
                trouble: "an answer was \(reader.status): "
                    + String(decoding: reader.body.prefix(300), as: UTF8.self)
            )
        }
    }

    /// Sends on a connection what can be sent now.
    func didAnswer(_ connection: LoadConnection, at now: UInt64) {
        if isChurn { return }
        if pace != nil {
            if connection.underWay.count < assignment.pipeline { idle.append(connection.index) }
        } else {
            refill(connection.index, now)
        }
        endIfOver()
    }

    /// Counts what was under way on a connection that is gone, and opens another where one is needed.
    func didClose(_ connection: LoadConnection, _ error: LoopError?) {
        connectionsOpen -= 1
        tally.lost += connection.underWay.count
        if let error, !connection.underWay.isEmpty { note(trouble: error.message) }
        connections[connection.index] = nil
        guard !isOver else { return }
        if isChurn || isSending { loop.defer { [weak self] in self?.replace(connection.index) } }
        endIfOver()
    }

    private func replace(_ index: Int) {
        guard isSending, connections[index] == nil else { return }
        if isChurn {
            refill(index)
        } else {
            connect(index)
            if pace == nil { refill(index) } else { idle.append(index) }
        }
    }

    private func connect(_ index: Int) {
        do throws(LoopError) {
            let stream = try loop.connect(to: address)
            connectionsOpen += 1
            connections[index] = LoadConnection(stream, index: index, owner: self)
        } catch {
            tally.refused += 1
            note(trouble: error.message)
        }
    }

    /// Sends as many requests as fit on a connection, in one write.
    private func refill(_ index: Int, _ moment: UInt64? = nil) {
        let now = moment ?? Instant.now().nanoseconds
        if now >= stop || next >= last { isSending = false }
        guard isSending else { return endIfOver() }
        if isChurn { connect(index) }
        guard let connection = connections[index], connection.isUsable else { return }
        var room = min(assignment.pipeline - connection.underWay.count, last - next)
        if isChurn { room = 1 }
        if room == 1 { return sendOne(on: connection, due: now) }
        buffer.removeAll(keepingCapacity: true)
        while room > 0 {
            fill()
            buffer.append(contentsOf: template.bytes)
            connection.note(.init(due: now, number: next))
            next += 1
            tally.sent += 1
            room -= 1
        }
        connection.send(buffer)
    }

    private func sendOne(on connection: LoadConnection, due: UInt64) {
        fill()
        connection.note(.init(due: due, number: next))
        next += 1
        tally.sent += 1
        connection.send(template.bytes)
    }

    /// Sends what is due, and comes again in the next turn of the loop without sleeping.
    private func pump() {
        guard let pace, isSending else { return }
        let now = Instant.now().nanoseconds
        if now >= stop || next >= last {
            isSending = false
            if next < last { tally.unsent += max(0, pace.count(until: min(now, stop)) - pace.sent) }
            return endIfOver()
        }
        while next < last, let due = self.pace?.due, due <= now, let index = idle.popLast() {
            guard let connection = connections[index], connection.isUsable else { continue }
            self.pace?.advance()
            sendOne(on: connection, due: due)
            if connection.underWay.count < assignment.pipeline { idle.append(index) }
        }
        loop.defer { [weak self] in self?.pump() }
    }

    /// Writes the next request's keys into the template.
    private func fill() {
        if case .task(let ids, _, _) = assignment.reading {
            return template.fill(0, text: ids[next * 36..<next * 36 + 36])
        }
        let start = assignment.first + next * template.keyCount
        for index in 0..<template.keyCount { template.fill(index, number: start + index) }
    }

    private func read(_ request: LoadConnection.UnderWay, _ reader: borrowing AnswerReader) {
        let found = AnswerReading.read(
            reader.body,
            as: assignment.reading,
            number: request.number
        )
        tally.delivered += found.delivered
        tally.held += found.held
        tally.duplicates += found.duplicates
        if let run = found.run { tally.runs += run }
        if let trouble = found.trouble {
            tally.unexpected += 1
            note(trouble: trouble)
        }
    }

    /// Gives up requests that wait too long, and ends sending in time.
    private func look() {
        let now = Instant.now().nanoseconds
        if now >= stop { isSending = isSending && pace != nil }
        for connection in connections.compactMap({ $0 }) {
            guard let oldest = connection.oldest, now > oldest + UInt64(assignment.timeout.count)
            else { continue }
            tally.timeouts += connection.underWay.count
            tally.lost -= connection.underWay.count
            note(trouble: "an answer did not come in time")
            connection.close()
        }
        if tally.refused > 0, connectionsOpen == 0 { isSending = false }
        endIfOver()
    }

    private func endIfOver() {
        guard !isSending, !isOver, let whenOver else { return }
        for connection in connections where !(connection?.underWay.isEmpty ?? true) { return }
        isOver = true
        self.whenOver = nil
        close()
        whenOver(tally)
    }
}
