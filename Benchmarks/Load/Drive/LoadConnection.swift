import Loops
import Primitives

/// One connection: what is under way on it, and the answers as they come.
final class LoadConnection: ByteStreamDelegate {
    /// A request that waits for its answer.
    struct UnderWay {
        /// When it was due; in a closed loop, when it was sent.
        let due: UInt64
        /// Its number among all requests.
        let number: Int
    }

    /// Its place among the loop's connections.
    let index: Int
    /// What is under way, oldest first.
    private(set) var underWay = RingQueue<UnderWay>()
    /// Whether requests may be sent on it.
    private(set) var isUsable = true
    private let stream: TCPStream
    // A circle that is broken when the stream has closed: the loop then lets this go.
    private let owner: LoadLoop
    private var reader = AnswerReader()

    /// Takes over a stream that begins to connect.
    init(_ stream: TCPStream, index: Int, owner: LoadLoop) {
        self.stream = stream
        self.index = index
        self.owner = owner
        stream.delegate = self
        stream.setReading(true)
    }

    /// When the oldest request was due; nil where nothing is under way.
    var oldest: UInt64? { underWay.look { $0.due } }

    /// Notes a request whose bytes go out with the next ``send(_:)``.
    func note(_ request: UnderWay) {
        underWay.append(request)
    }

    /// Sends bytes.
    func send(_ bytes: [UInt8]) {
        stream.write(bytes)
    }

    /// Takes the connection out of use.
    func close() {
        isUsable = false
        stream.close()
    }

    func onBytes(_ bytes: RawSpan) {
        let now = Instant.now().nanoseconds
        bytes.withBytes { span in
            var offset = 0
            while true {
                switch reader.advance(span, from: &offset) {
                case .needMore: return
                case .broken: return giveUp("an answer is no HTTP/1.1")
                case .answer: take(now)
                }
            }
        }
        if isUsable { owner.didAnswer(self, at: now) }
    }

    func onEnd() {
        if reader.end() { take(Instant.now().nanoseconds) }
        close()
    }

    func onDrained() {}

    func onClosed(_ error: LoopError?) {
        isUsable = false
        owner.didClose(self, error)
    }

    private func take(_ now: UInt64) {
        guard let request = underWay.popFirst() else {
            return giveUp("an answer came without a request")
        }
        if reader.closes { isUsable = false }
        owner.take(request, reader, at: now)
        // In churn the server closes, as it was asked to; anywhere else nobody waits for that.
        if !isUsable, !owner.isChurn { stream.close() }
    }

    private func giveUp(_ trouble: String) {
        owner.note(trouble: trouble)
        close()
    }
}
