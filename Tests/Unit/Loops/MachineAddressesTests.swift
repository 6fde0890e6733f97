import Loops
import Testing

@Suite struct MachineAddressesTests {
    @Test func `a machine's own addresses are told without loopback`() throws {
        let addresses = try #require(MachineAddresses.all())
        #expect(!addresses.contains("127.0.0.1"))
        #expect(!addresses.contains("::1"))
        #expect(addresses.allSatisfy { $0.contains(".") || $0.contains(":") })
    }
}
