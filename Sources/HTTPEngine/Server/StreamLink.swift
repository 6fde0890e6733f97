/// What a connection holds of a stream: enough to tell it that the connection is gone, too little to keep it.
final class StreamLink: Sendable {
    private weak let stream: ResponseStream?

    init(_ stream: ResponseStream) {
        self.stream = stream
    }

    /// Passes it on, where somebody still holds the stream.
    func connectionDidClose() {
        stream?.connectionDidClose()
    }
}
