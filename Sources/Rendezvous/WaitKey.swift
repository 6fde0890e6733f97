/// What ties a callback to a waiter: a text within a channel, compared byte by byte.
package struct WaitKey: Hashable, Sendable {
    /// The room in which the key counts.
    package let channel: Channel
    /// The key itself: 1 to 1,024 bytes; the caller checks that.
    package let bytes: [UInt8]

    /// Makes a key of a channel.
    package init(channel: Channel, bytes: [UInt8]) {
        self.channel = channel
        self.bytes = bytes
    }

    /// The most bytes a key may have.
    package static let bytesMax = 1024
}
