internal import Primitives

/// A connection as its loop and its doors know it.
///
/// All of it happens on the connection's loop.
protocol ServedConnection: ExchangeOwner {
    /// Where the connection is found on its loop.
    var id: ConnectionID { get }
    /// The site whose bounds it keeps: the one of its address that answers before a request is known.
    var home: SiteLoop { get }
    /// Whether it counts against the site's bound; one that does not is refused.
    var isCounted: Bool { get }
    /// Whether nothing is under way.
    var isIdle: Bool { get }

    // What the loop tells.

    /// Time has passed.
    func tick(_ now: Instant)

    /// The server goes down: what is under way ends, and a request that still comes is answered.
    func drain()

    /// Ends the connection where nothing is under way.
    func endIdle()

    /// Closes at once.
    func close()

    /// Sends what the loop's buffer held for this connection.
    func send(_ bytes: [UInt8])

    /// The buffer is sent.
    func didFlush()

    // What comes through its door, for a request whose handler's call is over.

    /// Answers a request that was detached.
    func answerDetached(_ ticket: ResponseToken, _ response: Response)

    /// Answers a request that was detached with a problem.
    func answerDetached(_ ticket: ResponseToken, _ problem: Problem)

    /// Answers a request that was detached with JSON.
    func answerFastDetached(_ ticket: ResponseToken, status: Int, body: Span<UInt8>)

    /// Answers a request that was let go without an answer: our mistake.
    func answerForgotten(_ ticket: ResponseToken)

    /// Begins an answer in pieces to a request that was detached.
    func beginDetachedStream(_ ticket: ResponseToken, _ response: Response, _ link: StreamLink)

    /// Sends a piece; a client that does not read is cut off.
    func streamWrite(_ ticket: ResponseToken, _ bytes: [UInt8])

    /// Ends an answer in pieces.
    func streamFinish(_ ticket: ResponseToken)

    /// How many bytes of a stream wait for the client.
    func queuedBytes(of ticket: ResponseToken) -> Int

    /// The request that waits has a place now; false where it does not wait any more.
    func takePlace(_ sequence: UInt64) -> Bool

    /// Hears what became of the body that waits for memory.
    func bodyMemoryDecided(_ id: BodyMemory.ID, isGranted: Bool)

    /// Closes because the client is the slowest of those that do not read.
    func cutOff()
}
