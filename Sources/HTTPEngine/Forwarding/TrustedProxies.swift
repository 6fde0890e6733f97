package import Primitives

/// The proxies whose word for who sent a request is taken.
package struct TrustedProxies: Sendable, Hashable {
    private let blocks: [IPBlock]

    /// Trusts the addresses of some blocks.
    package init(_ blocks: [IPBlock]) {
        self.blocks = blocks
    }

    /// Whether there is no proxy among them.
    package var isEmpty: Bool { blocks.isEmpty }

    /// Whether an address is one of theirs.
    package func contains(_ address: IPAddress) -> Bool {
        blocks.contains { $0.contains(address) }
    }
}
