import Glibc
import Loops
import Primitives
import Testing

@Suite struct TCPListenerTests {
    @Test func `a process without descriptors rests instead of spinning, then accepts`()
        async throws
    {
        await #expect(processExitsWith: .success) {
            let group = try LoopGroup(threads: 1, name: "test")
            let accepted = Reports<Bool>()
            let held = Reports<LoopBound<TCPListener>>()
            try group.onEach { loop in
                let listener = try loop.listen(.anyLoopback, reusePort: false) { _ in
                    accepted.add(true)
                }
                held.add(LoopBound(listener, on: loop))
            }
            let bound = try #require(held.all.first)
            let port = Reports<UInt16>()
            bound.port.post { port.add(bound.get(on: $0).port) }
            let number = try #require(port.wait().first)
            // The peer's socket is opened first, then the limit is set to what is open.
            let peer = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            let kind = __rlimit_resource_t(7)
            var limit = rlimit()
            _ = unsafe getrlimit(kind, &limit)
            let before = limit.rlim_cur
            limit.rlim_cur = rlim_t(peer + 1)
            _ = unsafe setrlimit(kind, &limit)
            try connectLoopback(peer, number)
            let pauses = Reports<Int>()
            let hasRested = eventually {
                bound.port.post { pauses.add(bound.get(on: $0).pauseCount) }
                return (pauses.all.last ?? 0) >= 2
            }
            #expect(hasRested)
            #expect((pauses.all.last ?? 0) < 20)
            #expect(accepted.all.isEmpty)
            limit.rlim_cur = before
            _ = unsafe setrlimit(kind, &limit)
            #expect(accepted.wait() == [true])
            group.stop()
            close(peer)
        }
    }

    @Test func `a listener of one loop can be closed by what it accepts`() throws {
        let group = try LoopGroup(threads: 1, name: "test")
        defer { group.stop() }
        let ports = Reports<UInt16>()
        let accepted = Reports<Bool>()
        try group.onEach { loop in
            let holder = Holder()
            holder.listener = try loop.listen(.anyLoopback, reusePort: false) { stream in
                holder.listener?.close()
                holder.listener = nil
                accepted.add(true)
                stream.write([1])
                stream.closeWhenDrained()
            }
            ports.add(holder.listener?.port ?? 0)
        }
        let port = try #require(ports.all.first)
        #expect(try Peer(port: port).receiveToEnd() == [1])
        #expect(throws: Peer.Failure.self) { _ = try Peer(port: port) }
    }

    private final class Holder {
        var listener: TCPListener?
    }
}

func connectLoopback(_ descriptor: Int32, _ port: UInt16) throws {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let code = unsafe withUnsafePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
    if code != 0 { throw Peer.Failure(doing: "connect", code: errno) }
}
