/// A room for keys: keys of different channels never meet.
@usableFromInline
package struct Channel: Hashable, Sendable {
    /// The channel's number; 0 is the default channel.
    package let number: UInt32

    /// Names a channel by its number.
    package init(number: UInt32) {
        self.number = number
    }

    /// The channel of endpoints and waits that name none.
    package static let standard = Channel(number: 0)
}
