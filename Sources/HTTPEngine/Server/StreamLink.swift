/// What a connection holds of a stream: enough to tell it that the connection is gone, too little to keep it.
final class StreamLink: Sendable {
    private weak let stream: ResponseStream?

    init(_ stream: ResponseStream) {
        self.stream = stream
    }

    /// The client sends no more: it may have gone, or only read on.
    func clientDidFinish() {
        stream?.clientDidFinish()
    }

    /// Passes it on, where somebody still holds the stream.
    func connectionDidClose() {
        stream?.connectionDidClose()
    }
}
