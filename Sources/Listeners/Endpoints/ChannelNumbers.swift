/// The numbers of channels: 0 is the default one; each name and each endpoint has one that its name alone gives it.
///
/// So a wait that was stored keeps its meaning when the configuration changes.
package struct ChannelNumbers {
    /// The numbers of the named channels.
    package private(set) var names: [String: UInt32] = [:]
    private var taken: Set<UInt32> = [0]

    /// Begins with none taken but the default channel's.
    package init() {}

    /// The number of a named channel.
    mutating func number(of name: String) -> UInt32 {
        if let number = names[name] { return number }
        let number = fresh("channel " + name)
        names[name] = number
        return number
    }

    /// The number of the channel that an endpoint has for itself.
    ///
    /// - Parameter name: The endpoint's name: methods, port and path.
    /// - Returns: The number, the same for the same name.
    mutating func number(ofEndpoint name: String) -> UInt32 {
        fresh("endpoint " + name)
    }

    /// FNV-1a of a text; the next free number where two texts have the same.
    private mutating func fresh(_ text: String) -> UInt32 {
        var number = text.utf8.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
        while !taken.insert(number).inserted { number &+= 1 }
        return number
    }
}
