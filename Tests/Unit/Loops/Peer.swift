import Glibc

/// A blocking client socket on loopback; every call gives up after five seconds.
struct Peer: ~Copyable {
    let descriptor: Int32

    init(port: UInt16, host: String = "127.0.0.1") throws {
        let isV6 = host.contains(":")
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        descriptor = socket(isV6 ? AF_INET6 : AF_INET, kind, 0)
        var limit = timeval(tv_sec: 5, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
        var code: Int32
        if isV6 {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            _ = unsafe inet_pton(AF_INET6, host, &address.sin6_addr)
            code = connect(descriptor, &address, MemoryLayout<sockaddr_in6>.size)
        } else {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            _ = unsafe inet_pton(AF_INET, host, &address.sin_addr)
            code = connect(descriptor, &address, MemoryLayout<sockaddr_in>.size)
        }
        if code != 0 {
            let error = errno
            close(descriptor)
            throw Failure(doing: "connect", code: error)
        }
    }

    deinit { close(descriptor) }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let rest = bytes[sent...]
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure(doing: "send", code: errno) }
            sent += count
        }
    }

    /// What comes next, at most `count` bytes; empty at the end.
    func receive(atMost count: Int = 65_536) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let got = unsafe bytes.withUnsafeMutableBytes {
            unsafe recv(descriptor, $0.baseAddress, $0.count, 0)
        }
        guard got >= 0 else { throw Failure(doing: "receive", code: errno) }
        return Array(bytes.prefix(got))
    }

    func receive(exactly count: Int) throws -> [UInt8] {
        var all: [UInt8] = []
        while all.count < count {
            let some = try receive(atMost: count - all.count)
            guard !some.isEmpty else { throw Failure(doing: "receive: end", code: 0) }
            all += some
        }
        return all
    }

    func receiveToEnd() throws -> [UInt8] {
        var all: [UInt8] = []
        while true {
            let some = try receive()
            if some.isEmpty { return all }
            all += some
        }
    }

    func finishSending() { _ = Glibc.shutdown(descriptor, Int32(SHUT_WR)) }

    /// Makes the close a reset.
    func resetOnClose() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        _ = unsafe setsockopt(
            descriptor,
            SOL_SOCKET,
            SO_LINGER,
            &linger,
            socklen_t(MemoryLayout<Glibc.linger>.size)
        )
    }

    private func connect<Address>(
        _ descriptor: Int32,
        _ address: inout Address,
        _ size: Int
    ) -> Int32 {
        unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.connect(descriptor, $0, socklen_t(size))
            }
        }
    }

    struct Failure: Error {
        let doing: String
        let code: Int32
    }
}

func duplicate(_ descriptor: Int32) -> Int32 { dup(descriptor) }
func closeDescriptor(_ descriptor: Int32) { close(descriptor) }

func receive(_ descriptor: Int32, exactly count: Int) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let got = unsafe bytes.withUnsafeMutableBytes {
        unsafe recv(descriptor, $0.baseAddress, $0.count, Int32(MSG_WAITALL))
    }
    guard got == count else { throw Peer.Failure(doing: "receive", code: errno) }
    return bytes
}
