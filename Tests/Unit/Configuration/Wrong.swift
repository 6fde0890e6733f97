import Testing

/// A wrong use, and what is said of it: `line:column message (suggestion)`.
struct Wrong: Sendable, CustomTestStringConvertible {
    let what: String
    let text: String
    let said: [String]
    var testDescription: String { what }

    init(_ what: String, _ text: String, _ said: [String]) {
        self.what = what
        self.text = text
        self.said = said
    }
}
