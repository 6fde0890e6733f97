/// What is wrong with the command line, or what kept the load from being made, as a sentence.
struct Mistake: Error {
    /// The sentence, without a full stop.
    let message: String

    /// Says what is wrong.
    init(_ message: String) {
        self.message = message
    }
}
