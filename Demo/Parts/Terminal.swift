internal import Platform
internal import Primitives

/// Colours, where a person looks at the output and has not asked for none.
enum Terminal {
    /// A colour of the demo.
    enum Colour: Int {
        case red = 31
        case green = 32
        case yellow = 33
        case blue = 34
        case grey = 90
    }

    private static let hasColours: Bool = {
        let isRefused = ProcessState.environment()["NO_COLOR"] != nil
        return Console.isTerminal(.output) && !isRefused
    }()

    /// Writes a line at once, through a pipe too.
    static func say(_ line: String) {
        Console.writeData(line)
    }

    /// The text in a colour, or as it is.
    static func paint(_ text: String, _ colour: Colour) -> String {
        hasColours ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// The text with spaces after it up to a width.
    static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    /// Blocks the calling thread for a while: how long the demo's services need for their work.
    static func pause(milliseconds: Int64) {
        let end = Instant.now().advanced(by: .milliseconds(milliseconds))
        let parker = Parker()
        while Instant.now() < end { parker.park(until: end) }
    }
}
