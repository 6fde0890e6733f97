/// What happens to one run of the demo, chosen by its prompt.
struct Story: Sendable {
    /// How the image generator behaves in a story.
    enum Behaviour: Sendable {
        /// It reports progress once, then the result under its own id.
        case progressThenResult
        /// Its callback comes before its 202 is sent.
        case resultBeforeAnswer
        /// It sends its result twice at the same moment, and later takes it back.
        case resultTwice
        /// It answers 202 without a body and calls back under the id it was given.
        case resultUnderGivenID
        /// It reports a failure.
        case failure
    }

    /// The name in the timeline.
    let name: String
    /// What the run is started with.
    let prompt: String
    /// The size that is asked for; nil leaves it to the pipeline's default.
    let size: String?
    /// The id the generator gives the image: `img-501`.
    let image: String
    /// What the generator does.
    let behaviour: Behaviour
    /// The image's size in bytes before the optimizer, and after it.
    let bytes: (original: Int, compressed: Int)

    /// The address of the finished image.
    var imageURL: String { "https://cdn.example.com/\(image).png" }

    /// The address of the optimized image.
    var optimizedURL: String { "https://cdn.example.com/\(image).min.png" }

    /// Whether the run is to end well.
    var succeeds: Bool { behaviour != .failure }

    /// All runs of the demo; they are started at once.
    static let all = [
        Story(
            name: "lighthouse",
            prompt: "a lighthouse at dusk",
            size: nil,
            image: "img-501",
            behaviour: .progressThenResult,
            bytes: (2_048_000, 512_000)
        ),
        Story(
            name: "harbour",
            prompt: "a harbour in the rain",
            size: "512x512",
            image: "img-502",
            behaviour: .resultBeforeAnswer,
            bytes: (1_000_000, 333_333)
        ),
        Story(
            name: "storm",
            prompt: "a ship in a storm",
            size: nil,
            image: "img-503",
            behaviour: .failure,
            bytes: (0, 0)
        ),
        Story(
            name: "gull",
            prompt: "a gull on a pole",
            size: nil,
            image: "img-504",
            behaviour: .resultTwice,
            bytes: (4_096_000, 4_000_000)
        ),
        Story(
            name: "dune",
            prompt: "a dune at noon",
            size: "2048x1024",
            image: "img-505",
            behaviour: .resultUnderGivenID,
            bytes: (9_007_199_254_740_993, 1)
        ),
    ]
}
