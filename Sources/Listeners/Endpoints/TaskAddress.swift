package import Primitives

/// Where a run can be read: the controller's own paths, for `Location`.
package struct TaskAddress: Sendable {
    private let host: String
    private let port: Int
    private let basePath: String

    /// The hosts that stand for every address of the machine.
    private static let wildcards = ["0.0.0.0", "::", "[::]", "*", ""]

    /// The paths of a controller that listens there, `basePath` before each of them.
    package init(host: String, port: Int, basePath: String) {
        self.host = host
        self.port = port
        self.basePath = basePath
    }

    /// The path of a run on the controller itself.
    package func path(_ run: UUIDv7) -> String { "\(basePath)/tasks/\(run.text)" }

    /// The URL of a run, for whoever talks to another port of this machine.
    ///
    /// Where the controller listens on every address, this machine is what the client calls it (`Host`).
    func url(_ run: UUIDv7, called: String?) -> String {
        var name = host
        if Self.wildcards.contains(host) {
            let given = called ?? ""
            name =
                given.hasPrefix("[")
                ? String(given.prefix { $0 != "]" }) + "]" : String(given.prefix { $0 != ":" })
            if name.isEmpty { name = "127.0.0.1" }
        } else if host.contains(":"), !host.hasPrefix("[") {
            name = "[\(host)]"
        }
        return "http://\(name):\(port)\(path(run))"
    }
}
