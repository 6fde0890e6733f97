internal import TestKit

/// A copy of config/image-pipeline.yml in which every port is one that is free here.
struct Pipeline {
    /// Where the copy is.
    let path: String
    /// The port of the generator, the optimizer, the callback listener and the controller.
    let ports: (generator: Int, optimizer: Int, listener: Int, controller: Int)

    /// Writes the copy into a folder.
    init(in folder: TemporaryDirectory) throws {
        let free = FreePorts.take(4)
        ports = (free[0], free[1], free[2], free[3])
        var text = try Files.text(PackageRoot.path("config/image-pipeline.yml"))
        for (written, free) in zip(["9101", "9102", "8090", "8088"], free) {
            guard text.contains(written) else {
                throw KitError.missing("port \(written) in config/image-pipeline.yml")
            }
            text = text.split(separator: written, omittingEmptySubsequences: false)
                .joined(separator: String(free))
        }
        path = folder.path("image-pipeline.yml")
        try Files.write(text, to: path)
    }
}
