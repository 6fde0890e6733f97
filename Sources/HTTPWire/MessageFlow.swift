/// How far the present message is, and where its bytes lie.
///
/// It lives in raw memory that the parser owns: a step changes most of it, and the properties of a class are checked one
/// by one, while the program runs, for changes that overlap.
struct MessageFlow {
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
        let step = BodyRoom.step(from: body.count)
        body.reserveCapacity(min(announced, max(step, body.count + count)))
    }

    private static func empty(_ buffer: inout [UInt8]) {
        // What an unusually large message needed is given back; what most need is kept.
        buffer.removeAll(keepingCapacity: buffer.capacity <= 16 << 10)
    }
}
