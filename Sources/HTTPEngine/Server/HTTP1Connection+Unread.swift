internal import HTTPWire
internal import Loops
internal import Primitives

/// What a connection knows of how its client reads.
struct UnreadAnswers {
    /// Its number among those with unread answers; nil while the client keeps up.
    var id: AnswerMemory.ID?
    /// What was told last, in blocks.
    fileprivate var blocks = 0
    /// Whether there were as many unread answers as there may be, over all connections.
    fileprivate var isTight = false
    /// Bytes that the kernel had not taken when that was last told.
    fileprivate var untaken = 0

    /// Changes smaller than this are not told.
    fileprivate static let blockBytes = 4 << 10
}

/// Answers that the client has not read: those that wait for the kernel, and those that wait for their turn.
extension HTTP1Connection {
    /// Lets reading rest while too much is not read, and go on when it is; a tick tells of progress and asks anew.
    func weighAnswers(isTick: Bool = false) {
        let bytes = queuedBytes + heldBytes
        if bytes == 0, unread.id == nil, !machine.pauses.contains(.unsent) { return }
        guard machine.reading != .closed else { return }
        weigh(bytes, isTick: isTick)
    }

    private func weigh(_ bytes: Int, isTick: Bool) {
        tell(bytes, isTick: isTick)
        let max = limits.unsentBytesMax
        if bytes > max || (unread.isTight && bytes > 0) {
            guard !machine.pauses.contains(.unsent), machine.readsOn else { return }
            machine.pause(.unsent, now: server.now)
            settle()
        } else if machine.pauses.contains(.unsent), bytes <= max / 2 {
            if machine.resume(.unsent, bodyBytes: parser.bodyBytesReceived, now: server.now) {
                resumePipeline()
            }
        }
    }

    private func tell(_ bytes: Int, isTick: Bool) {
        guard bytes > 0 else { return forgetAnswers() }
        let blocks = (bytes - 1) / UnreadAnswers.blockBytes + 1
        guard blocks != unread.blocks || isTick else { return }
        let untaken = untakenBytes
        unread.isTight = server.shared.answerMemory.set(
            blocks * UnreadAnswers.blockBytes,
            for: &unread.id,
            hasProgressed: untaken < unread.untaken,
            now: server.now,
            door: door
        )
        unread.blocks = blocks
        unread.untaken = untaken
    }

    /// The client has read everything, or is gone.
    func forgetAnswers() {
        if let id = unread.id { server.shared.answerMemory.leave(id) }
        unread = UnreadAnswers()
    }
}
