/// Why the demo could not go on, as a sentence.
struct DemoFailure: Error, CustomStringConvertible {
    let description: String

    /// Says why.
    init(_ description: String) {
        self.description = description
    }
}
