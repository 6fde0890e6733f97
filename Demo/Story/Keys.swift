/// The secrets of the demo's services; the pipeline reads them from the environment.
enum Keys {
    static let generator = "demo-generator-key"
    static let optimizer = "demo-optimizer-key"

    /// The variables that config/image-pipeline.yml names.
    static let environment = [
        (name: "IMAGE_AI_KEY", value: generator), (name: "IMAGEOPTIM_KEY", value: optimizer),
    ]
}
