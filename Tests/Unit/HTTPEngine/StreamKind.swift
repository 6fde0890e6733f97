import HTTPEngine
import Loops
import Primitives
import Synchronization
import TestKit

/// What a test's connections go over.
enum StreamKind: String, Sendable, CaseIterable {
    /// A socket on loopback.
    case tcp
    /// Memory, with a handshake, cut into pieces of any size.
    case sealed
}

/// Connections in memory to a server, one loop after the other.
final class MemoryDoor: Sendable {
    private let group: LoopGroup
    private let server: HTTPServer
    private let count = Atomic<Int>(0)

    /// What a sealed stream tells of its handshake.
    static let security = StreamSecurity(
        serverName: "hooks.example.com",
        applicationProtocol: "http/1.1",
        peerCertificate: [48, 1, 2]
    )

    init(_ group: LoopGroup, _ server: HTTPServer) {
        self.group = group
        self.server = server
    }

    /// Connects; a silent client does not begin its handshake.
    func connect(isSealed: Bool, isSilent: Bool = false, site: Int = 0) throws -> MemoryClient {
        let number = count.wrappingAdd(1, ordering: .relaxed).oldValue
        let pipe = MemoryPipe()
        let server = server
        group.ports[number % group.ports.count].post { loop in
            let stream = MemoryStream(
                pipe,
                on: loop,
                sealing: isSealed ? Self.security : nil,
                seed: UInt64(number) &* 0x9E37_79B9_7F4A_7C15
            )
            pipe.attach(LoopBound(stream, on: loop))
            server.accept(stream, site: site)
        }
        return try MemoryClient(pipe, isSealed: isSealed, isSilent: isSilent)
    }
}
