internal import CLibUV

/// The addresses under which other machines know this one.
package enum MachineAddresses {
    /// More interfaces than this are not looked at.
    private static let countMax = 64

    /// The addresses of all interfaces but loopback, as text without a port, in the system's order.
    ///
    /// Empty also where the system does not tell them: then the machine is known by its names alone.
    package static func all() -> [String] {
        var found = [sockaddr_storage](repeating: sockaddr_storage(), count: countMax)
        // The array has as many places as the C function is told, and lives for the call.
        let count = unsafe sluice_own_addresses(&found, Int32(countMax))
        return found.prefix(Int(max(0, count))).map { PeerAddress($0).text }
    }
}
