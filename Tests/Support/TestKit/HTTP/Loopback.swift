internal import Glibc

/// The few socket calls of the kit, each in one place.
enum Loopback {
    /// A socket connected to `host`:`port`; `host` is an IPv4 address or `localhost`.
    static func connect(host: String, port: Int, deadline: Deadline) throws(KitError) -> Int32 {
        let number = try socket()
        var address = try address(host: host, port: port)
        let result = unsafe withUnsafeBytes(of: &address) {
            unsafe Glibc.connect(
                number,
                $0.assumingMemoryBound(to: sockaddr.self).baseAddress,
                socklen_t($0.count)
            )
        }
        guard result == 0 else {
            let reason = errno
            close(number)
            throw .system(call: "connect to \(host):\(port)", errno: reason)
        }
        var on: Int32 = 1
        unsafe setsockopt(number, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(4))
        return number
    }

    /// A socket that listens on `host`:`port`, and the port it got; port 0 takes a free one.
    static func listen(host: String, port: Int) throws(KitError) -> (socket: Int32, port: Int) {
        let number = try socket()
        var on: Int32 = 1
        unsafe setsockopt(number, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(4))
        do throws(KitError) {
            try bind(number, host: host, port: port)
        } catch {
            close(number)
            throw error
        }
        guard Glibc.listen(number, 128) == 0 else {
            close(number)
            throw .system(call: "listen", errno: errno)
        }
        return (number, boundPort(number))
    }

    /// Waits for the next connection of a listening socket; negative, with errno, when there is none.
    static func accept(on listener: Int32) -> Int32 {
        var entry = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
        unsafe poll(&entry, 1, -1)
        return Descriptors.closedInChildren { Glibc.accept(listener, nil, nil) }
    }

    /// Whether nobody is bound to `port` on any address of this machine.
    static func isFree(port: Int) -> Bool {
        do throws(KitError) {
            let number = try socket()
            defer { close(number) }
            try bind(number, host: "0.0.0.0", port: port)
            return true
        } catch {
            return false
        }
    }

    private static func socket() throws(KitError) -> Int32 {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let number = Glibc.socket(AF_INET, kind, 0)
        if number < 0 { throw .system(call: "socket", errno: errno) }
        return number
    }

    private static func bind(_ number: Int32, host: String, port: Int) throws(KitError) {
        var address = try address(host: host, port: port)
        let result = unsafe withUnsafeBytes(of: &address) {
            unsafe Glibc.bind(
                number,
                $0.assumingMemoryBound(to: sockaddr.self).baseAddress,
                socklen_t($0.count)
            )
        }
        if result != 0 { throw .system(call: "bind to port \(port)", errno: errno) }
    }

    private static func boundPort(_ number: Int32) -> Int {
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        unsafe withUnsafeMutableBytes(of: &address) {
            _ = unsafe getsockname(
                number,
                $0.assumingMemoryBound(to: sockaddr.self).baseAddress,
                &size
            )
        }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    private static func address(host: String, port: Int) throws(KitError) -> sockaddr_in {
        guard let port = UInt16(exactly: port) else { throw .malformed("port \(port)") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        let name = host == "localhost" ? "127.0.0.1" : host
        guard unsafe inet_pton(AF_INET, name, &address.sin_addr) == 1 else {
            throw .malformed("\(host) is no IPv4 address")
        }
        return address
    }
}
