/// How far the present message is, and where its bytes lie.
///
/// It lives in raw memory that the parser owns: a step changes most of it, and the properties of a class are checked one
/// by one, while the program runs, for changes that overlap.
struct MessageState {
    /// The stages of a message.
    enum Phase {
        case between
        case head
        case unbodied
        case lengthBody(remaining: Int)
        case chunkedBody
        case complete
        case failed
    }

    var phase = Phase.between
    var blankCount = 0
    /// Where the head begins in the current read, unless it is spilled.
    var headStart = 0
    var headCount = 0
    var isSpilled = false
    /// Whether the head is, byte by byte, that of the message before.
    var isHeadRepeated = false
    var isGathered = false
    var spill: [UInt8] = []
    /// Where the body lies in the current read, unless it is gathered.
    var bodyStart = 0
    var bodyCount = 0
    var body: [UInt8] = []
    /// How far a chunked body is.
    var chunks = ChunkLines()
    /// What the head says; meaningful once it is complete.
    var summary = HeadSummary()

    /// Forgets the message.
    mutating func forget() {
        phase = .between
        blankCount = 0
        isSpilled = false
        isGathered = false
        bodyStart = 0
        bodyCount = 0
        headCount = 0
        if !spill.isEmpty { Self.empty(&spill) }
        if !body.isEmpty { Self.empty(&body) }
    }

    /// Makes room for a piece of the body: in a few large steps, and never for more than was announced.
    ///
    /// - Parameters:
    ///   - count: The piece's bytes.
    ///   - remaining: The bytes that were announced and have not come, the piece's among them.
    mutating func reserveBody(_ count: Int, of remaining: Int) {
        guard body.count + count > body.capacity else { return }
        let announced = body.count + remaining
        let step = BodyCapacity.step(from: body.count)
        body.reserveCapacity(min(announced, max(step, body.count + count)))
    }

    private static func empty(_ buffer: inout [UInt8]) {
        // What an unusually large message needed is given back; what most need is kept.
        buffer.removeAll(keepingCapacity: buffer.capacity <= 16 << 10)
    }
}

/// Room that a body which is being gathered would have, so that it needs not move again.
package struct BodyCapacity: Equatable, Sendable {
    /// Bytes that are given to a body on its announcement alone.
    ///
    /// They are reserved, not touched: a sender that announces and sends nothing takes no memory of the machine.
    package static let trustedBytes = 256 << 10

    /// Bytes of the whole body, as it was announced.
    package let announced: Int
    /// Bytes that what has come so far is good for: no more should be made anew; 0 where it has room for more yet.
    package let earned: Int

    /// Says what a body would have.
    package init(announced: Int, earned: Int) {
        self.announced = announced
        self.earned = earned
    }

    /// What a body may have once so many bytes of it are there; the more come, the more it is trusted.
    static func step(from count: Int) -> Int {
        count < trustedBytes ? trustedBytes : count << 3
    }
}
