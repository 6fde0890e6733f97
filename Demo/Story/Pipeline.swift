internal import Platform

/// The image pipeline as a file in a folder of its own, with addresses that are free here.
struct Pipeline {
    /// The folder, removed with the pipeline.
    let folder: TemporaryFolder
    /// The configuration's path in the folder.
    let path = "image-pipeline.yml"
    /// The controller's port.
    let controllerPort: Int

    /// Writes the file.
    ///
    /// - Parameters:
    ///   - generator: The port of the image generator.
    ///   - optimizer: The port of the image optimizer.
    /// - Throws: Where no folder, file or port is to be had.
    init(generator: Int, optimizer: Int) throws {
        folder = try TemporaryFolder("sluice-demo")
        let free = try FreePorts.take(2)
        controllerPort = free[1]
        var text = ImagePipeline.text
        for (written, port) in zip(
            ["9101", "9102", "8090", "8088"],
            [generator, optimizer] + free
        ) {
            text = text.split(separator: written, omittingEmptySubsequences: false)
                .joined(separator: String(port))
        }
        try FileText.write(Array(text.utf8), to: "\(folder.path)/\(path)")
    }
}
