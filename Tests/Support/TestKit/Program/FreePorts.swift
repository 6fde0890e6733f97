/// Ports that nobody is bound to.
package enum FreePorts {
    private static let given = Watched(Set<Int>())

    /// Different free ports; each is given once a process.
    ///
    /// They are taken from below the range out of which the system serves outgoing connections, so that none of those takes one
    /// before the program under test does.
    package static func take(_ count: Int) -> [Int] {
        (0..<count).map { _ in next() }
    }

    /// One free port.
    package static func next() -> Int {
        while true {
            let port = Int.random(in: 15_000..<32_000)
            let isNew = given.withLock { $0.insert(port).inserted }
            if isNew, Loopback.isFree(port: port) { return port }
        }
    }
}
