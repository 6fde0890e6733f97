import Glibc
import Loops
import Primitives
import Testing

@Suite struct LoopGroupTests {
    @Test func `all loops of a group share an ephemeral port`() throws {
        let group = try LoopGroup(threads: 2, name: "test")
        defer { group.stop() }
        let seen = Reports<Int>()
        let listener = try group.listen(.anyLoopback) { stream in
            seen.add(stream.loop.index)
            stream.close()
        }
        #expect(listener.port != 0)
        // The kernel spreads by a hash of the ports: 64 connections miss one of two loops once in 2^63 times.
        for _ in 0..<64 { _ = try Peer(port: listener.port) }
        #expect(Set(seen.wait(for: 64)) == [0, 1])
    }

    @Test func `a second instance cannot bind silently`() throws {
        let group = try LoopGroup(threads: 2, name: "test")
        defer { group.stop() }
        let first = try group.listen(.anyLoopback) { $0.close() }
        let taken = ListenAddress(host: "127.0.0.1", port: first.port)
        let expected = LoopError.addressInUse(host: "127.0.0.1", port: first.port)
        #expect(throws: expected) { try group.listen(taken) { $0.close() } }
        #expect(throws: expected) { try taken.probe() }
        #expect(expected.message.contains("127.0.0.1:\(first.port) is already in use"))
    }

    @Test func `a closed port can be listened on again at once`() throws {
        let group = try LoopGroup(threads: 2, name: "test")
        defer { group.stop() }
        let first = try group.listen(.anyLoopback) { $0.close() }
        let port = first.port
        #expect(try Peer(port: port).receiveToEnd() == [])
        first.close()
        first.close()
        try group.onEach { _ in }
        #expect(throws: Peer.Failure.self) { _ = try Peer(port: port) }
        let again = try group.listen(ListenAddress(host: "127.0.0.1", port: port)) { $0.close() }
        #expect(again.port == port)
        #expect(try Peer(port: port).receiveToEnd() == [])
    }

    @Test(arguments: [
        ("no-such-host.invalid", LoopError.cannotResolve(host: "no-such-host.invalid", reason: "")),
        ("256.1.1.1", LoopError.cannotResolve(host: "256.1.1.1", reason: "")),
    ])
    func `an unknown host is told by name`(_ host: String, _ kind: LoopError) throws {
        do throws(LoopError) {
            try ListenAddress(host: host, port: 80).probe()
            Issue.record("was resolved")
        } catch {
            guard case .cannotResolve(host, _) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(error.message.contains(host))
        }
    }

    @Test func `an address of another machine is refused with the reason`() throws {
        #expect(throws: LoopError.self) { try ListenAddress(host: "192.0.2.1", port: 0).probe() }
    }

    @Test func `a stop closes everything that is open, and tells it`() throws {
        let group = try LoopGroup(threads: 2, name: "test")
        let closed = Reports<LoopError?>()
        let accepted = Reports<Bool>()
        let listener = try group.listen(.anyLoopback) { stream in
            let handler = Handler(stream)
            handler.closed = { error in
                closed.add(error)
                // Whatever is opened while going down must not keep the loop alive.
                stream.loop.schedule(after: .seconds(1000)) { Issue.record("fired") }
                stream.loop.defer {}
            }
            stream.setReading(true)
            stream.write([UInt8](repeating: 1, count: 16 << 20))
            accepted.add(true)
        }
        try group.onEach { loop in
            loop.schedule(after: .seconds(1000)) { Issue.record("fired") }
            loop.every(.seconds(1000)) { Issue.record("fired") }
            try loop.onSignal([SIGWINCH]) { _ in }
        }
        let peers = try (0..<8).map { _ in try duplicate(Peer(port: listener.port).descriptor) }
        #expect(accepted.wait(for: 8).count == 8)
        group.stop()
        group.stop()
        #expect(closed.all.count == 8)
        for peer in peers { closeDescriptor(peer) }
        #expect(throws: LoopError.stopped) { try group.onEach { _ in } }
    }

    @Test func `an error on one loop is thrown, and the rest is not asked`() throws {
        struct Refusal: Error {}
        let group = try LoopGroup(threads: 3, name: "test")
        defer { group.stop() }
        let asked = Reports<Int>()
        #expect(throws: Refusal.self) {
            try group.onEach { loop in
                asked.add(loop.index)
                if loop.index == 1 { throw Refusal() }
            }
        }
        #expect(asked.all == [0, 1])
    }

    @Test func `a group that is let go of on its own loop ends`() throws {
        let ended = Reports<Bool>()
        do {
            let group = try LoopGroup(threads: 2, name: "test")
            let gone = Reports<LoopGroup>()
            gone.add(group)
            try group.onEach { loop in
                let canary = Canary { ended.add(true) }
                loop.schedule(after: .seconds(1000)) { _ = canary }
            }
            group.ports[0].post { _ in _ = gone.takeAll() }
        }
        #expect(ended.wait(for: 2).count == 2)
    }

    private final class Canary {
        private let sing: () -> Void
        init(_ sing: @escaping () -> Void) { self.sing = sing }
        deinit { sing() }
    }
}
