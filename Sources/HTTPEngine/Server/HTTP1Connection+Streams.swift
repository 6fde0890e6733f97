internal import HTTPWire

/// Answers in pieces.
extension HTTP1Connection {
    /// Begins an answer in pieces.
    func beginDetachedStream(_ ticket: Ticket, _ response: Response, _ link: StreamLink) {
        let delivery = machine.answered(ticket.sequence)
        guard delivery != .never else { return link.connectionDidClose() }
        let pieces: ResponseWriter.Pieces = ticket.line.version == .http11 ? .chunked : .untilClose
        if case .untilClose = pieces { machine.endsAfter(ticket.sequence) }
        var bytes: [UInt8] = []
        appendHead(response, line(ticket), to: &bytes)
        server.writer.endInPieces(pieces, to: &bytes)
        streams.append(OpenStream(ticket: ticket, pieces: pieces, link: link))
        if hasEnded { link.clientDidFinish() }
        put(ticket, bytes, isWhole: ticket.line.isHead)
        settle()
    }

    /// Sends a piece; a client that does not read is cut off.
    func streamWrite(_ ticket: Ticket, _ bytes: [UInt8]) {
        guard let stream = streams.first(where: { $0.ticket.sequence == ticket.sequence }) else {
            return
        }
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count + 16)
        server.writer.piece(bytes.span, stream.pieces, to: &out)
        put(ticket, out, isWhole: false)
        if queuedBytes(of: ticket) > limits.unsentBytesMax { close() }
    }

    /// How many bytes of a stream wait for the client.
    func queuedBytes(of ticket: Ticket) -> Int {
        queuedBytes + (held.first { $0.sequence == ticket.sequence }?.bytes.count ?? 0)
    }

    /// Ends an answer in pieces.
    func streamFinish(_ ticket: Ticket) {
        guard let index = streams.firstIndex(where: { $0.ticket.sequence == ticket.sequence })
        else { return }
        let stream = streams.remove(at: index)
        if ticket.line.isHead { return }
        var out: [UInt8] = []
        server.writer.endPieces(stream.pieces, to: &out)
        put(ticket, out, isWhole: true)
        settle()
    }

    /// Sends a part of an answer, or holds it until its turn.
    private func put(_ ticket: Ticket, _ bytes: [UInt8], isWhole: Bool) {
        switch machine.answered(ticket.sequence) {
        case .never: return
        case .now:
            server.cork(self)
            server.append(bytes)
            if isWhole { answerWritten() }
        case .later:
            guard let index = held.firstIndex(where: { $0.sequence == ticket.sequence }) else {
                hold(HeldAnswer(sequence: ticket.sequence, bytes: bytes, isWhole: isWhole))
                return
            }
            held[index].bytes += bytes
            held[index].isWhole = isWhole
            heldBytes += bytes.count
            weighAnswers()
        }
    }
}
