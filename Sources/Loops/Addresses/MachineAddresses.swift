internal import CLibUV

/// The addresses under which other machines know this one.
package enum MachineAddresses {
    /// More interfaces than this are not looked at.
    private static let countMax = 64

    /// The addresses of all interfaces but loopback, as text without a port, in the system's order.
    ///
    /// - Returns: Nil where the system does not tell them: it is asked through a netlink socket, which a sandbox may forbid.
    package static func all() -> [String]? {
        var found = [sockaddr_storage](repeating: sockaddr_storage(), count: countMax)
        // The array has as many places as the C function is told, and lives for the call.
        let count = unsafe sluice_own_addresses(&found, Int32(countMax))
        guard count >= 0 else { return nil }
        return found.prefix(Int(count)).map { PeerAddress($0).text }
    }
}
