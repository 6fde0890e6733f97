/// The numbers of channels: 0 is the default one, each name and each endpoint gets the next.
struct ChannelNumbers {
    /// The numbers of the named channels.
    private(set) var names: [String: UInt32] = [:]
    private var last: UInt32 = 0

    /// The number of a named channel.
    mutating func number(of name: String) -> UInt32 {
        if let number = names[name] { return number }
        let number = ownNumber()
        names[name] = number
        return number
    }

    /// A number that nobody else has.
    mutating func ownNumber() -> UInt32 {
        last += 1
        return last
    }
}
