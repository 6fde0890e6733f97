internal import HTTPWire
internal import Loops
internal import Primitives

/// The answering side: answers in the order of their requests.
extension HTTP1Connection {
    // MARK: From the handler, during its call

    /// Answers the request whose handler runs.
    func answer(_ ticket: ResponseToken, _ response: Response) {
        guard takeCurrent(ticket) else { return }
        write(ticket, response)
    }

    /// Answers the request whose handler runs with a problem.
    func answer(_ ticket: ResponseToken, _ problem: Problem) {
        guard takeCurrent(ticket) else { return }
        write(ticket, problem)
    }

    /// Answers the request whose handler runs with JSON: the hot path.
    func answerFast(_ ticket: ResponseToken, status: Int, body: Span<UInt8>) {
        guard takeCurrent(ticket) else { return }
        writeFast(ticket, status: status, body: body)
    }

    private func writeFast(_ ticket: ResponseToken, status: Int, body: Span<UInt8>) {
        switch machine.answered(ticket.sequence) {
        case .never: return
        case .now:
            let line = line(ticket)
            server.cork(self)
            server.writeJSON(line, status: status, body: body)
            answerWritten()
        case .later:
            var bytes: [UInt8] = []
            server.writer.writeJSON(line(ticket), status: status, body: body, to: &bytes)
            hold(HeldAnswer(sequence: ticket.sequence, bytes: bytes, isWhole: true))
        }
    }

    /// Takes the answer out of the handler's call.
    func detach(_ ticket: ResponseToken) -> PendingExchange {
        let admission = current?.admission
        let isCurrent = current?.sequence == ticket.sequence
        if isCurrent { current = nil }
        return PendingExchange(
            door: door,
            ticket: ticket,
            admission: isCurrent ? admission : nil,
            isAnswered: !isCurrent
        )
    }

    /// Begins an answer in pieces to the request whose handler runs.
    func beginStream(_ ticket: ResponseToken, _ response: Response) -> ResponseStream {
        let stream = ResponseStream(door: door, ticket: ticket)
        guard takeCurrent(ticket) else {
            stream.connectionDidClose()
            return stream
        }
        beginDetachedStream(ticket, response, StreamLink(stream))
        return stream
    }

    /// Makes sure that only the first answer counts, and gives the place back.
    private func takeCurrent(_ ticket: ResponseToken) -> Bool {
        guard let now = current, now.sequence == ticket.sequence else { return false }
        current = nil
        now.admission?.giveBack()
        return true
    }

    // MARK: From other threads

    /// Answers a request that was detached with JSON.
    func answerFastDetached(_ ticket: ResponseToken, status: Int, body: Span<UInt8>) {
        writeFast(ticket, status: status, body: body)
        settle()
    }

    /// Answers a request that was detached.
    func answerDetached(_ ticket: ResponseToken, _ response: Response) {
        write(ticket, response)
        settle()
    }

    /// Answers a request that was detached with a problem.
    func answerDetached(_ ticket: ResponseToken, _ problem: Problem) {
        write(ticket, problem)
        settle()
    }

    /// Answers a request that was let go without an answer: our mistake.
    func answerForgotten(_ ticket: ResponseToken) {
        server.shared.log(
            .error,
            "a request was let go without an answer",
            [.init("site", site.shared.site.name), .init("request_id", ticket.requestID.text)]
        )
        write(
            ticket,
            Problem(
                status: 500,
                code: .internalError,
                detail: "The request could not be answered."
            )
        )
        settle()
    }

    // MARK: Writing

    /// Writes an answer, or holds it until those before it are given.
    func write(_ ticket: ResponseToken, _ response: Response) {
        deliver(ticket) { connection, out in connection.append(response, ticket, to: &out) }
    }

    /// Writes a problem as an answer, and tells of it.
    func write(
        _ ticket: ResponseToken,
        _ problem: Problem,
        _ requestLine: ProblemReport.Line = ProblemReport.Line()
    ) {
        report(problem, ticket, requestLine.method.isEmpty ? problem.line : requestLine)
        var headers = problem.headers
        if let seconds = problem.retryAfterSeconds {
            headers.append((name: "Retry-After", value: String(seconds)))
        }
        write(
            ticket,
            Response(
                status: problem.status,
                contentType: "application/problem+json",
                headers: headers,
                body: problem.json(requestID: ticket.requestID)
            )
        )
    }

    /// Writes the answer to a HEAD that only probes: it says nothing of what another method would get, so it has no length.
    func writeProbed(_ ticket: ResponseToken) {
        deliver(ticket) { connection, out in
            connection.server.writer.begin(connection.line(ticket), status: 200, to: &out)
            connection.server.writer.endWithoutLength(to: &out)
        }
    }

    private func deliver(_ ticket: ResponseToken, _ fill: (HTTP1Connection, inout [UInt8]) -> Void)
    {
        switch machine.answered(ticket.sequence) {
        case .never: return
        case .now:
            server.cork(self)
            var out = server.takeOutput()
            fill(self, &out)
            server.putOutput(out)
            answerWritten()
        case .later:
            var bytes: [UInt8] = []
            fill(self, &bytes)
            hold(HeldAnswer(sequence: ticket.sequence, bytes: bytes, isWhole: true))
        }
    }

    private func append(_ response: Response, _ ticket: ResponseToken, to out: inout [UInt8]) {
        let line = line(ticket)
        appendHead(response, line, to: &out)
        server.writer.end(line, status: response.status, body: response.body.span, to: &out)
    }

    /// Writes the head of an answer, but for its framing.
    func appendHead(_ response: Response, _ line: ResponseContext, to out: inout [UInt8]) {
        server.writer.begin(line, status: response.status, to: &out)
        if let type = response.contentType { appendField("Content-Type", type, line, to: &out) }
        for header in response.headers { appendField(header.name, header.value, line, to: &out) }
    }

    private func appendField(
        _ name: String,
        _ value: String,
        _ line: ResponseContext,
        to out: inout [UInt8]
    ) {
        if server.writer.field(name, value, to: &out) { return }
        server.shared.log(
            .warning,
            "a header field of an answer was left out: it is not valid",
            [.init("site", site.shared.site.name), .init("request_id", line.requestID.text)]
        )
    }

    /// What the answer says of the connection's future, as it is now.
    func line(_ ticket: ResponseToken) -> ResponseContext {
        var line = ticket.line
        line.isKeptAlive = machine.livesOn(after: ticket.sequence)
        return line
    }

    /// The due answer is written: those that waited for it follow.
    func answerWritten() {
        var sequel = machine.answerWritten(now: server.now)
        while case .next = sequel, let next = takeHeld() {
            server.cork(self)
            server.append(next.bytes)
            guard next.isWhole else { break }
            sequel = machine.answerWritten(now: server.now)
        }
        if case .shutDown = sequel { return shutDownAfterFlush() }
        server.flushWhereLarge()
        sendPendingContinue()
        if machine.shouldResumePipeline(now: server.now) { resumePipeline() }
    }

    /// The answer that is due now, where it is given or begun.
    private func takeHeld() -> HeldAnswer? {
        guard !held.isEmpty,
            let index = held.firstIndex(where: { $0.sequence == machine.dueSequence })
        else { return nil }
        heldBytes -= held[index].bytes.count
        return held.remove(at: index)
    }

    /// Holds an answer until its turn.
    func hold(_ answer: HeldAnswer) {
        heldBytes += answer.bytes.count
        held.append(answer)
        weighAnswers()
    }

    /// Goes on with the requests that were read ahead; later in this turn, because an answer is being given now.
    func resumePipeline() {
        server.loop.defer { [weak self] in
            guard let self else { return }
            server.turn { self.resumeParsing() }
            settle()
        }
    }

    private func report(_ problem: Problem, _ ticket: ResponseToken, _ line: ProblemReport.Line) {
        let site = site.shared.site
        server.shared.log(
            .debug,
            "answered with a problem",
            [
                .init("site", site.name), .init("status", problem.status),
                .init("code", problem.code.rawValue), .init("request_id", ticket.requestID.text),
            ]
        )
        site.onProblem?(
            ProblemReport(
                site: site.name,
                status: problem.status,
                code: problem.code,
                detail: problem.detail,
                requestID: ticket.requestID,
                place: problem.place,
                line: line,
                peer: facts.peerAddress,
                note: problem.note
            )
        )
    }
}
