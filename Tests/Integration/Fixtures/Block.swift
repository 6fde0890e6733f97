import Testing

/// A configuration of the document, taken as it is; a test says what it replaces and what it appends.
struct Block {
    /// The text.
    var text: String

    /// Takes a text that is none of the document's.
    init(text: String) {
        self.text = text
    }

    /// The block of the newest edition with a number, from 1.
    init(_ number: Int) throws {
        text = try #require(Document(Document.newest).blocks[at: number - 1])
    }

    /// The block with a piece of its text replaced, wherever it stands.
    func replacing(_ old: String, with new: String) throws -> Block {
        try #require(text.contains(old), "the block has no \(old)")
        return Block(text: text.replacing(old, with: new))
    }

    /// The block with further top-level keys.
    func adding(_ completions: String...) -> Block {
        Block(text: ([text] + completions).joined(separator: "\n"))
    }

    /// The block with its whole `gateway:` map replaced by the public address **P**.
    func withPublicGateway() throws -> Block {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(lines.firstIndex(of: "gateway:"))
        let end = lines[(start + 1)...].firstIndex { !$0.hasPrefix(" ") } ?? lines.endIndex
        lines.replaceSubrange(start..<end, with: [Substring(Completion.publicGateway)])
        return Block(text: lines.joined(separator: "\n"))
    }

    /// The block with the port its listener takes by default written out, so that the bench can replace it.
    func withPort(_ port: Int) throws -> Block {
        try replacing("listener:\n", with: "listener:\n  port: \(port)\n")
    }
}

/// What blocks lack to run: further top-level keys.
enum Completion {
    /// **K**, the controller.
    static let controller =
        "controller: { adapter: { type: http-server, host: 127.0.0.1, port: 8088 } }\n"

    /// **P**, a public address of the listener on 8090.
    static let publicGateway =
        #"gateway: { type: public, url: "http://127.0.0.1:8090", port: 8090 }"# + "\n"

    /// **W**, something that waits.
    static let waiter = #"""
        components:
          caller: { type: http-client, endpoint: "http://127.0.0.1:9101/jobs", body: { job: "${input.key}" },
                    completion: { type: callback, wait_for: "${input.key}" }, output: "${result}" }
        workflow: { id: wait, jobs: [ { id: call, component: caller, input: "${input}", output: "${output}" } ] }

        """#

    /// **T**, workflows that record their input.
    static func recorder(_ names: String...) -> String {
        let workflows = names.map { name in
            #"  - { id: \#(name), jobs: [ { id: record, component: recorder, input: "${input}", output: "${output}" } ] }"#
        }
        return #"""
            components:
              recorder: { type: http-client, endpoint: "http://127.0.0.1:9101/record", body: "${input}", output: "${input}" }
            workflows:

            """# + workflows.joined(separator: "\n") + "\n"
    }
}

extension Array {
    /// The element at an index; nil where there is none.
    subscript(at index: Int) -> Element? {
        indices.contains(index) ? self[index] : nil
    }
}
