internal import Loops

/// Ports of 127.0.0.1 that nobody listens on.
enum FreePorts {
    /// Takes some: each is listened on until all are known, so that they differ.
    static func take(_ count: Int) throws -> [Int] {
        let group = try LoopGroup(threads: 1, name: "ports")
        defer { group.stop() }
        let address = ListenAddress(host: "127.0.0.1", port: 0)
        return try (0..<count).map { _ in Int(try group.listen(address) { $0.close() }.port) }
    }
}
