internal import HTTPWire
internal import Loops
internal import Primitives

/// The reading side: from bytes to a handler's call.
extension HTTP1Connection {
    /// Bytes of a body that are read only to be thrown away, so that the connection can live on.
    private static var passedOverBytesMax: Int { 64 << 10 }

    /// Turns bytes into requests as far as the machine lets it; keeps the rest.
    func parse(_ read: RawSpan) {
        let offset = parseSome(read)
        guard offset < read.byteCount else { return machine.keepBytes(false) }
        kept = KeptBytes(read.extracting(offset..<read.byteCount).copied)
        machine.keepBytes(true)
    }

    /// Turns bytes into requests as far as the machine lets it.
    ///
    /// - Returns: From where on they are to be kept for later; all are used up where nobody will parse them.
    private func parseSome(_ read: RawSpan) -> Int {
        var offset = 0
        while machine.isParsing {
            let wasBetween = parser.isBetweenMessages
            let step = parser.advance(read, from: &offset)
            if wasBetween, !parser.isBetweenMessages { machine.headBegan(now: server.now) }
            switch step {
            case .needMore:
                takeBodyMemory()
                return read.byteCount
            case .head: headArrived(read, isBodyAwaited: offset == read.byteCount)
            case .message:
                // Who goes down must know whether more has come behind the request.
                if machine.isDraining { machine.keepBytes(offset < read.byteCount) }
                messageArrived(read)
                // The usual read ends with its request: there is nothing to ask for.
                if offset == read.byteCount, machine.isParsing, parser.isBetweenMessages {
                    return offset
                }
            case .refused(let refusal):
                refuse(refusal, in: read)
            }
        }
        switch machine.reading {
        case .idle, .head, .body: break
        case .handshaking, .done, .lingering, .closed: return read.byteCount
        }
        parser.keepMessage(in: read)
        return offset
    }

    /// Goes on with what was kept while parsing rested; then the socket may be read again.
    func resumeParsing() {
        guard machine.isParsing else { return }
        guard let bytes = kept else { return }
        kept = nil
        machine.keepBytes(false)
        let used = bytes.withRest { parseSome($0) }
        guard let rest = bytes.dropping(used) else { return machine.keepBytes(false) }
        kept = rest
        machine.keepBytes(true)
    }

    // MARK: The head

    private func headArrived(_ read: RawSpan, isBodyAwaited: Bool) {
        let summary = parser.summary
        verdict = nil
        var isServed = true
        if parser.repeatsHead, let known = knownRoute {
            route = known
            if sites != nil { site = knownSite }
            isRouted = true
            parser.bodyBytesMax = bodyBytesMax
        } else {
            parser.withMessage(in: read) { head, _ in isServed = judge(head) }
            knownRoute = verdict == nil ? route : nil
            if sites != nil { knownSite = site }
        }
        if isServed, site.shared.facts[route].isGated { askGates(in: read) }
        let wantsContinuation = summary.expectation == .continuation && isBodyAwaited
        if let verdict, case .problem(let problem, let closes) = verdict.kind,
            summary.framing != .none
        {
            guard !closes, !wantsContinuation, isPassedOver(summary.framing) else {
                return refuse(problem, in: read)
            }
        }
        if summary.framing == .none { return }
        if wantsContinuation { sendContinuation() }
        machine.bodyBegan(now: server.now)
    }

    /// Asks the gates before the request; a refusal of theirs comes before whatever else speaks against it.
    private func askGates(in read: RawSpan) {
        let id = server.requestIDs.next(at: server.wall)
        gatedID = id
        parser.withMessage(in: read) { head, _ in
            let request = request(head, id)
            do throws(Problem) {
                for gate in site.shared.gates[route] { try gate.check(request) }
            } catch {
                verdict = EarlyResponse(.problem(error, closes: false))
            }
        }
    }

    /// Finds site and route, and what speaks against the request before its body is read.
    ///
    /// - Returns: Whether the route serves the request's method.
    private func judge(_ head: borrowing Head) -> Bool {
        let summary = head.summary
        switch match(head) {
        case nil:
            reject(421, .hostUnknown, "This address does not answer for the host of the request.")
            return false
        case .missing:
            reject(404, .notFound, missing(head))
            return false
        case .options(let methods):
            verdict = EarlyResponse(.methods(methods))
            judgeBody(head)
            return false
        case .probe:
            verdict = EarlyResponse(.probe)
            parser.bodyBytesMax = bodyBytesMax
            return false
        case .notAllowed(let methods):
            isRouted = true
            route = site.shared.routes.anyRoute(head) ?? route
            let closes = summary.method == .connect
            verdict = EarlyResponse(.problem(Self.notAllowed(methods), closes: closes))
            return false
        case .found(let index):
            route = index
            isRouted = true
            judgeBody(head)
            return true
        }
    }

    /// What the request's path and method come to, at the site that it is for; nil where no site takes its host.
    private func match(_ head: borrowing Head) -> RouteTable.Match? {
        guard let sites else { return site.shared.routes.match(head) }
        let choice = sites.choose(head)
        site = choice.map { server.sites[$0.site] } ?? home
        return choice?.match
    }

    /// Says what speaks against a body by the head that announces it.
    private func judgeBody(_ head: borrowing Head) {
        let summary = head.summary
        if summary.expectation == .unknown {
            return reject(417, .expectationFailed, "The expectation cannot be met.", closes: true)
        }
        parser.bodyBytesMax = bodyBytesMax
        if case .length(let length) = summary.framing, length > parser.bodyBytesMax {
            let refusal = WireRefusal.bodyTooLarge(limit: parser.bodyBytesMax)
            return reject(413, .bodyTooLarge, refusal.detail, closes: true)
        }
        if verdict != nil { return }
        if summary.isContentCoded, summary.framing != .none, let refusal = codingRefusal(head) {
            verdict = EarlyResponse(.problem(refusal, closes: false))
            return
        }
        checkMediaType(head)
    }

    /// The refusal of a body that is coded in another way than its route takes; nil where it takes that.
    private func codingRefusal(_ head: borrowing Head) -> Problem? {
        let taken = site.shared.site.routes[route].contentCodings
        let sent = head.contentEncodings
        let name = sent.lowercased()
        if taken.contains(name) || name == "x-gzip" && taken.contains("gzip") { return nil }
        return Self.coded(sent, taken: taken)
    }

    /// The refusal of a body that is coded, for example compressed (RFC 9110, 15.5.16 and 12.5.3).
    private static func coded(_ encoding: String, taken: [String]) -> Problem {
        let isPlain = encoding.utf8.count <= 64 && encoding.utf8.allSatisfy { $0 >= 32 && $0 < 127 }
        let name = isPlain ? " `\(encoding)`" : ""
        return Problem(
            status: 415,
            code: .mediaTypeUnsupported,
            detail: "The Content-Encoding\(name) is not taken; "
                + (taken.isEmpty
                    ? "send the body as it is."
                    : "send the body as it is, or as \(taken.joined(separator: " or "))."),
            headers: [
                (
                    name: "Accept-Encoding",
                    value: taken.isEmpty ? "identity" : taken.joined(separator: ", ")
                )
            ]
        )
    }

    /// That nothing is at a path; a path that differs by its slashes or escapes alone is named, and nothing else that is there.
    private func missing(_ head: borrowing Head) -> String {
        let plain = "There is nothing at this path."
        guard let near = site.shared.near(head.path) else { return plain }
        return "There is nothing at this path, but there is at `\(near)`."
    }

    private func checkMediaType(_ head: borrowing Head) {
        guard !site.shared.facts[route].takesAnyType, head.summary.framing != .none else { return }
        let allowed = site.shared.site.routes[route].mediaTypes
        let type = head.withContentType { String(utf8: $0) } ?? ""
        if MediaType.isAllowed(type, allowed) { return }
        reject(415, .mediaTypeUnsupported, "Taken are: \(allowed.joined(separator: ", ")).")
    }

    private var bodyBytesMax: Int {
        if verdict != nil { return Self.passedOverBytesMax }
        return site.shared.facts[route].bodyBytesMax
    }

    private func reject(
        _ status: Int,
        _ code: ProblemCode,
        _ detail: String,
        closes: Bool = false
    ) {
        let problem = Problem(status: status, code: code, detail: detail)
        verdict = EarlyResponse(.problem(problem, closes: closes))
    }

    private static func notAllowed(_ methods: MethodSet) -> Problem {
        Problem(
            status: 405,
            code: .methodNotAllowed,
            detail: "This path takes \(methods.allowText).",
            headers: [(name: "Allow", value: methods.allowText)]
        )
    }

    /// Whether a body is small enough to be read for nothing; sets the bound for one of unknown length.
    private func isPassedOver(_ framing: HeadSummary.Framing) -> Bool {
        parser.bodyBytesMax = Self.passedOverBytesMax
        if case .length(let length) = framing { return length <= Self.passedOverBytesMax }
        return true
    }

    /// Asks for the body, at once or when the answers before are given.
    private func sendContinuation() {
        guard machine.openCount == 0 else {
            needsContinue = true
            return
        }
        needsContinue = false
        server.cork(self)
        var out = server.takeOutput()
        server.writer.continuation(to: &out)
        server.putOutput(out)
    }

    /// Asks for the body where that was put off.
    func sendPendingContinue() {
        guard needsContinue, machine.openCount == 0, machine.reading == .body else { return }
        sendContinuation()
    }

    // MARK: The whole request

    private func messageArrived(_ read: RawSpan) {
        needsContinue = false
        let summary = parser.summary
        let sequence = machine.requestEnded(isKeptAlive: summary.isKeptAlive, now: server.now)
        let ticket = ResponseToken(
            sequence: sequence,
            line: ResponseContext(
                version: summary.version,
                isKeptAlive: summary.isKeptAlive,
                isHead: summary.method == .head,
                requestID: takeRequestID()
            )
        )
        if let verdict {
            sendEarlyResponse(verdict, ticket, in: read)
            return finishMessage()
        }
        guard let admission = site.shared.admission else {
            return handle(ticket, in: read, admission: nil)
        }
        switch admission.enter(door, sequence: sequence) {
        case .placed: handle(ticket, in: read, admission: admission)
        case .full:
            let problem = Self.overloaded("Too many requests wait for their turn.")
            tellRefused(problem, ticket, in: read)
            writeRefusal(ticket, problem, in: read)
            finishMessage()
        case .queued(let number):
            queued = QueuedRequest(ticket: ticket, number: number, site: site, route: route)
            parser.keepMessage(in: read)
            machine.pause(.queued, now: server.now)
        }
    }

    private func sendEarlyResponse(
        _ verdict: EarlyResponse,
        _ ticket: ResponseToken,
        in read: RawSpan
    ) {
        switch verdict.kind {
        case .problem(let problem, _):
            tellRefused(problem, ticket, in: read)
            writeRefusal(ticket, problem, in: read)
        case .methods(let methods):
            let allow = (name: "Allow", value: methods.allowText)
            write(ticket, Response(status: 204, headers: [allow]))
        case .probe: writeProbed(ticket)
        }
    }

    /// Calls the handler.
    func handle(_ ticket: ResponseToken, in read: RawSpan, admission: Admission?) {
        current = CurrentRequest(sequence: ticket.sequence, admission: admission)
        parser.withMessage(in: read) { head, body in
            let request = request(head, ticket.requestID)
            site.handlers[route].handle(
                request,
                body: body,
                exchange: Exchange(owner: self, ticket: ticket)
            )
        }
        if current?.sequence == ticket.sequence {
            answerForgotten(ticket)
            current = nil
            admission?.giveBack()
        }
        finishMessage()
    }

    /// The id of the request that comes in: the one that a gate has seen, or a new one.
    private func takeRequestID() -> UUIDv7 {
        gatedID ?? server.requestIDs.next(at: server.wall)
    }

    private func request(_ head: consuming Head, _ id: UUIDv7) -> Request {
        Request(
            head: head,
            owner: self,
            route: route,
            routeID: isRouted ? site.shared.facts[route].id : -1,
            requestID: id
        )
    }

    /// Shows the handler a request of one of its paths that it will not get.
    func tellRefused(_ problem: Problem, _ ticket: ResponseToken, in read: RawSpan) {
        let isUnknown = !isRouted && problem.code == .notFound
        guard isRouted || isUnknown else { return }
        if isUnknown {
            // HEAD leaves nothing behind, and a scanner little.
            guard parser.summary.method != .head, site.shared.unknownPace.takes(server.wall) else {
                return
            }
        }
        parser.withMessage(in: read) { head, body in
            let request = request(head, ticket.requestID)
            if isUnknown {
                site.handler.missed(request, body: body, problem: problem)
            } else {
                site.handlers[route].refused(request, body: body, problem: problem)
            }
        }
    }

    /// Writes a refusal of the engine's own, and tells of it with what is known of its request.
    func writeRefusal(_ ticket: ResponseToken, _ problem: Problem, in read: RawSpan) {
        var line = ProblemReport.Line()
        if !parser.isBetweenMessages, !parser.isInHead {
            parser.withMessage(in: read) { head, _ in
                line = request(head, ticket.requestID).line
            }
        }
        write(ticket, problem, line)
    }

    /// Forgets the request and its memory.
    func finishMessage() {
        verdict = nil
        isRouted = false
        if gatedID != nil { gatedID = nil }
        if sites != nil { site = home }
        shelveBody()
        parser.next()
        giveBodyMemory()
    }

    /// Refuses what the parser refuses; of a body that was to be passed over and is too long for that, with the request's own
    /// answer.
    private func refuse(_ refusal: WireRefusal, in read: RawSpan) {
        if case .bodyTooLarge = refusal, let verdict {
            switch verdict.kind {
            case .problem(let problem, _): return refuse(problem, in: read)
            case .methods, .probe:
                let ticket = lastTicket()
                giveBodyMemory()
                return sendEarlyResponse(verdict, ticket, in: read)
            }
        }
        refuse(
            Problem(status: refusal.status, code: refusal.code, detail: refusal.detail),
            in: read
        )
    }

    /// Refuses the request that comes in, of which what is there is kept.
    func refuse(_ problem: Problem) {
        let nothing: [UInt8] = []
        nothing.withRawSpan { refuse(problem, in: $0) }
    }

    /// Refuses the request that comes in: its answer is the last of the connection.
    func refuse(_ problem: Problem, in read: RawSpan) {
        let ticket = lastTicket()
        tellRefused(problem, ticket, in: read)
        kept = nil
        machine.keepBytes(false)
        giveBodyMemory()
        writeRefusal(ticket, problem, in: read)
    }

    /// Makes the request that comes in the connection's last.
    private func lastTicket() -> ResponseToken {
        let summary = parser.summary
        let isHeadKnown = !parser.isBetweenMessages && !parser.isInHead
        return ResponseToken(
            sequence: machine.requestRefused(now: server.now),
            line: ResponseContext(
                version: .http11,
                isKeptAlive: false,
                isHead: isHeadKnown && summary.method == .head,
                requestID: takeRequestID()
            )
        )
    }

    /// The parameters of a route's path.
    func parameters(route: Int) -> [RouteParameter] {
        guard isRouted, site.shared.parameters.indices.contains(route) else { return [] }
        return site.shared.parameters[route]
    }
}
