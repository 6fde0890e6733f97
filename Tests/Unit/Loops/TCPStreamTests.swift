import Loops
import Primitives
import Testing

@Suite struct TCPStreamTests {
    @Test(arguments: ["127.0.0.1", "::1", "localhost"])
    func `what is sent comes back`(_ host: String) throws {
        let group = try LoopGroup(threads: 1, name: "test")
        defer { group.stop() }
        let listener = try group.listen(ListenAddress(host: host, port: 0)) { Handler.echo($0) }
        let peer = try Peer(port: listener.port, host: host == "localhost" ? "127.0.0.1" : host)
        try peer.send(Array("hello".utf8))
        #expect(try peer.receive(exactly: 5) == Array("hello".utf8))
    }

    @Test func `a stream knows both ends`() throws {
        let group = try LoopGroup(threads: 1, name: "test")
        defer { group.stop() }
        let seen = Reports<(String, UInt16)>()
        let listener = try group.listen(.anyLoopback) { stream in
            seen.add((stream.peerAddress, stream.localPort))
        }
        _ = try Peer(port: listener.port)
        let first = try #require(seen.wait().first)
        #expect(first == ("127.0.0.1", listener.port))
    }

    @Test func `an IPv4 peer of an IPv6 socket is told as IPv4`() throws {
        let group = try LoopGroup(threads: 1, name: "test")
        defer { group.stop() }
        let seen = Reports<String>()
        let listener = try group.listen(ListenAddress(host: "::", port: 0)) {
            seen.add($0.peerAddress)
        }
        _ = try Peer(port: listener.port)
        _ = try Peer(port: listener.port, host: "::1")
        #expect(Set(seen.wait(for: 2)) == ["127.0.0.1", "::1"])
    }

    @Test func `many connections are served at once`() throws {
        let group = try LoopGroup(threads: 2, name: "test")
        defer { group.stop() }
        let listener = try group.listen(.anyLoopback) { Handler.echo($0) }
        var peers = ContiguousArray<Int32>()
        defer { for descriptor in peers { closeDescriptor(descriptor) } }
        for number in 0..<300 {
            let peer = try Peer(port: listener.port)
            try peer.send(Array("n\(number)\n".utf8))
            peers.append(duplicate(peer.descriptor))
        }
        for (number, descriptor) in peers.enumerated() {
            let expected = Array("n\(number)\n".utf8)
            #expect(try receive(descriptor, exactly: expected.count) == expected)
        }
    }

    @Test func `a write that the peer does not take is queued and drained in order`() throws {
        let group = try LoopGroup(threads: 1, name: "test")
        defer { group.stop() }
        let events = Reports<Int>()
        let block = (0..<65_521).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var bytes: [UInt8] = []
        for _ in 0..<256 { bytes += block }
        let sent = bytes
        let listener = try group.listen(.anyLoopback) { stream in
            let handler = Handler(stream)
            handler.drained = {
                events.add($0.queuedBytes)
                $0.closeWhenDrained()
            }
            stream.setReading(true)
            stream.write(sent)
            events.add(stream.queuedBytes)
        }
        let peer = try Peer(port: listener.port)
        let queued = try #require(events.wait().first)
        #expect(queued > 0 && queued < sent.count)
        #expect(try peer.receiveToEnd() == sent)
        #expect(events.wait(for: 2).last == 0)
    }

    @Test func `closing when drained sends what is queued first`() throws {
        let group = try LoopGroup(threads: 1, name: "test")
        defer { group.stop() }
        let size = 8 << 20
        let listener = try group.listen(.anyLoopback) { stream in
            stream.write([UInt8](repeating: 7, count: size))
            stream.closeWhenDrained()
            stream.write([1, 2, 3])
        }
        let peer = try Peer(port: listener.port)
        #expect(try peer.receiveToEnd().count == size)
    }

    @Test func `a stream that has stopped reading leaves the bytes with the kernel`() throws {
        let group = try LoopGroup(threads: 1, name: "test")
        defer { group.stop() }
        let got = Reports<Int>()
        let held = Reports<LoopBound<TCPStream>>()
        let listener = try group.listen(.anyLoopback) { stream in
            let handler = Handler(stream)
            handler.bytes = { stream, bytes in
                got.add(bytes.count)
                stream.setReading(false)
            }
            held.add(LoopBound(stream, on: stream.loop))
            stream.setReading(true)
        }
        let peer = try Peer(port: listener.port)
        try peer.send([1])
        #expect(got.wait() == [1])
        try peer.send([2, 3])
        // Two trips through the loop: had it been reading, the bytes would have come.
        try group.onEach { _ in }
        try group.onEach { _ in }
        #expect(got.all == [1])
        let stream = try #require(held.all.first)
        stream.port.post { stream.get(on: $0).setReading(true) }
        #expect(got.wait(for: 2) == [1, 2])
    }

    @Test func `a read that was full is gone on with directly, and another one is not`() throws {
        let group = try LoopGroup(threads: 1, name: "test")
        defer { group.stop() }
        let seen = Reports<(more: Bool, direct: Int)>()
        let got = Reports<Int>()
        let listener = try group.listen(.anyLoopback) { stream in
            let handler = Handler(stream)
            handler.bytes = { stream, bytes in
                let more = stream.hasMore
                var body: [UInt8] = []
                body.reserveCapacity(1 << 20)
                let direct = stream.directRead(into: &body, upTo: 1 << 20)
                seen.add((more, direct))
                got.add(bytes.count + body.count)
            }
            handler.end = { stream in
                var body: [UInt8] = []
                body.reserveCapacity(16)
                #expect(stream.directRead(into: &body, upTo: 16) == 0, "only within onBytes")
                stream.close()
                got.add(-1)
            }
            // What is sent meanwhile lies with the kernel when reading begins.
            stream.loop.schedule(after: .milliseconds(1)) { stream.setReading(true) }
        }
        let peer = try Peer(port: listener.port)
        try peer.send([UInt8](repeating: 7, count: 300_000))
        peer.finishSending()
        #expect(eventually { got.all.last == -1 })
        #expect(got.all.reduce(1, +) == 300_000)
        for one in seen.all { #expect(one.more || one.direct == 0) }
    }

    @Test func `both directions close on their own`() throws {
        let group = try LoopGroup(threads: 1, name: "test")
        defer { group.stop() }
        let closed = Reports<LoopError?>()
        let listener = try group.listen(.anyLoopback) { stream in
            let handler = Handler(stream)
            handler.end = { stream in
                stream.write(Array("after the end".utf8))
                stream.shutdown()
                stream.write(Array("too late".utf8))
                stream.loop.defer { stream.closeWhenDrained() }
            }
            handler.closed = { closed.add($0) }
            stream.setReading(true)
        }
        let peer = try Peer(port: listener.port)
        peer.finishSending()
        #expect(try peer.receiveToEnd() == Array("after the end".utf8))
        #expect(closed.wait() == [nil])
    }

    @Test func `we may half-close first and still read`() throws {
        let group = try LoopGroup(threads: 1, name: "test")
        defer { group.stop() }
        let got = Reports<[UInt8]>()
        let listener = try group.listen(.anyLoopback) { stream in
            let handler = Handler(stream)
            handler.bytes = { got.add($1) }
            stream.setReading(true)
            stream.shutdown()
        }
        let peer = try Peer(port: listener.port)
        #expect(try peer.receiveToEnd() == [])
        try peer.send([9])
        #expect(got.wait() == [[9]])
    }

    @Test func `a reset closes the stream once, with the reason`() throws {
        let group = try LoopGroup(threads: 1, name: "test")
        defer { group.stop() }
        let closed = Reports<LoopError?>()
        let accepted = Reports<Bool>()
        let listener = try group.listen(.anyLoopback) { stream in
            let handler = Handler(stream)
            handler.closed = { closed.add($0) }
            stream.setReading(true)
            accepted.add(true)
        }
        do {
            let peer = try Peer(port: listener.port)
            _ = accepted.wait()
            peer.resetOnClose()
        }
        let error = try #require(closed.wait().first ?? nil)
        #expect(error.isPeerGone)
        #expect(closed.all.count == 1)
    }

    @Test func `writing to a reset connection is an error, not a signal`() throws {
        let group = try LoopGroup(threads: 1, name: "test")
        defer { group.stop() }
        let closed = Reports<LoopError?>()
        let held = Reports<LoopBound<TCPStream>>()
        let listener = try group.listen(.anyLoopback) { stream in
            let handler = Handler(stream)
            handler.closed = { closed.add($0) }
            held.add(LoopBound(stream, on: stream.loop))
        }
        do {
            let peer = try Peer(port: listener.port)
            _ = held.wait()
            peer.resetOnClose()
        }
        let stream = try #require(held.all.first)
        let isClosed = eventually {
            stream.port.post { stream.get(on: $0).write([1, 2, 3]) }
            return !closed.all.isEmpty
        }
        #expect(isClosed)
        #expect((closed.all.first ?? nil)?.isPeerGone == true)
    }

    @Test func `closing twice, and using it after, does nothing`() throws {
        let group = try LoopGroup(threads: 1, name: "test")
        defer { group.stop() }
        let closed = Reports<LoopError?>()
        let listener = try group.listen(.anyLoopback) { stream in
            let handler = Handler(stream)
            handler.closed = { error in
                closed.add(error)
                stream.close()
                stream.write([1])
                stream.setReading(true)
                stream.shutdown()
            }
            stream.setReading(true)
            stream.close()
            stream.close()
            stream.write([1])
            stream.setReading(true)
            stream.closeWhenDrained()
        }
        let peer = try Peer(port: listener.port)
        #expect(try peer.receiveToEnd() == [])
        try group.onEach { _ in }
        #expect(closed.all == [nil])
    }
}
