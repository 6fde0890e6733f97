import Configuration
import Documents
import JSONWire
import Listeners
import TestKit
import Testing

/// What `sluice check`, with `--fragment` and without, says of each block of the document.
@Suite struct FragmentTests {
    /// The notes of a block: what is absent and what is incomplete exactly, what is assumed at least.
    struct Notes: Sendable, CustomTestStringConvertible {
        let number: Int
        var absent: [String] = []
        var incomplete: [String] = []
        var assumed: [String] = []

        var testDescription: String { "block \(number)" }
    }

    private static let type = "1:1 type `http-callback`"

    static let table: [Notes] = [
        Notes(number: 1), Notes(number: 2), Notes(number: 3), Notes(number: 4), Notes(number: 5),
        Notes(number: 6), Notes(number: 7),
        Notes(number: 8, assumed: [type]), Notes(number: 9, assumed: [type]),
        Notes(number: 10, assumed: [type]),
        Notes(number: 11, absent: ["7:13 workflow my-workflow"]),
        Notes(number: 12, absent: ["7:13 workflow deployment-workflow"]),
        Notes(
            number: 13,
            absent: [
                "10:17 workflow ci-build", "19:17 workflow slack-handler",
                "29:17 workflow data-processing",
            ]
        ),
        Notes(number: 14, absent: ["9:13 workflow item-processor"]),
        Notes(number: 15, absent: ["5:13 workflow my-workflow"]),
        Notes(number: 16, absent: ["4:13 workflow my-workflow"]),
        Notes(number: 17, absent: ["4:13 workflow my-workflow"]),
        Notes(number: 18, absent: ["4:13 workflow my-workflow"]),
        Notes(
            number: 19,
            absent: [
                "19:18 component git-clone", "25:18 component run-tests",
                "29:18 component github-status",
            ]
        ),
        Notes(
            number: 20,
            absent: ["19:18 component nlp-analyzer", "24:18 component slack-client"]
        ),
        Notes(number: 21, absent: ["4:9 listener 8080"]),
        Notes(number: 22, assumed: ["15:3 `external-service` waits for `/callback` on 8090"]),
        Notes(number: 23, absent: ["4:9 listener 8080"]),
        Notes(number: 24, absent: ["3:9 listener 8080"], assumed: ["3:9 the remote port"]),
        Notes(
            number: 25,
            absent: ["3:9 listener 8080", "10:17 environment variable SSH_PASSWORD"]
        ),
        Notes(number: 26, absent: ["5:9 listener 8080"]),
        Notes(
            number: 27,
            absent: ["4:9 listener 8080", "11:20 callback endpoint /webhook on port 8080"],
            incomplete: ["7:3 `service` has no address"]
        ),
        Notes(number: 28, absent: ["24:29 environment variable SLACK_BOT_TOKEN"]),
        Notes(
            number: 29,
            absent: [
                "31:29 environment variable IMAGE_AI_KEY",
                "48:29 environment variable IMAGEOPTIM_KEY",
            ],
            assumed: ["25:3 `image-generator` waits for `/webhooks/image/completed` on 8090"]
        ),
        Notes(
            number: 30,
            absent: ["4:9 listener 8080"],
            incomplete: ["6:1 the listener has no endpoints"],
            assumed: ["6:1 type `http-callback`"]
        ),
        Notes(
            number: 31,
            incomplete: [
                "9:1 the listener has no endpoints", "14:3 `service` has no `type` and no address",
            ],
            assumed: ["9:1 type `http-callback`"]
        ),
        Notes(
            number: 32,
            absent: ["6:21 gateway on port 8090", "6:21 callback endpoint /callback on port 8090"],
            incomplete: ["2:3 `service` has no address"],
            assumed: ["4:14 300000 is taken as milliseconds: 5m"]
        ),
        Notes(number: 33, assumed: [type]),
        Notes(
            number: 34,
            absent: ["4:18 component async-service"],
            assumed: ["12:20 5000 is taken as milliseconds: 5s"]
        ),
        Notes(number: 35, assumed: [type]),
        Notes(number: 36, absent: ["4:18 component external-api"]),
        Notes(number: 37, assumed: [type]),
    ]

    @Test func `the document has the blocks that the table knows`() throws {
        #expect(Self.table.map(\.number) == Array(1...37))
        #expect(try Document(Document.newest).blocks.count == 37)
    }

    @Test(arguments: table) func `a fragment's notes are exact`(_ expected: Notes) throws {
        try expect(Block(expected.number).text, expected)
    }

    @Test(arguments: 1...27) func `the earlier edition has the same notes`(number: Int) throws {
        let text = try #require(Document(Document.earlier).blocks[at: number - 1])
        let now = number <= 10 ? number : number + 10
        #expect(try text == Block(now).text)
        try expect(text, #require(Self.table[at: now - 1]))
    }

    private func expect(_ text: String, _ expected: Notes) throws {
        let loaded = Loaded(text: text, isFragment: true)
        #expect(!loaded.hasErrors, "\(loaded.findings)")
        let notes = loaded.diagnostics.all.filter { $0.severity == .note }
        let absent = notes.filter { $0.noteKind == .absent }
            .map { "\($0.place) \($0.what ?? "?") \($0.name ?? "?")" }
        #expect(absent.sorted() == expected.absent.sorted())
        let incomplete = notes.filter { $0.noteKind == .incomplete }
        #expect(incomplete.count == expected.incomplete.count, "\(loaded.findings)")
        for beginning in expected.incomplete {
            #expect(incomplete.contains { $0.begins(beginning) }, "\(loaded.findings)")
        }
        for beginning in expected.assumed {
            #expect(
                notes.contains { $0.noteKind == .assumed && $0.begins(beginning) },
                "\(loaded.findings)"
            )
        }
        #expect(notes.allSatisfy { $0.noteKind != nil })
    }

    private static let listening = Array(1...10) + [33, 35, 37]

    @Test(arguments: [22, 28, 29]) func `a complete block is accepted`(number: Int) throws {
        let secrets = ["SLACK_BOT_TOKEN": "a", "IMAGE_AI_KEY": "b", "IMAGEOPTIM_KEY": "c"]
        let loaded = try Loaded(text: Block(number).text, environment: secrets)
        #expect(!loaded.hasErrors, "\(loaded.findings)")
    }

    @Test(arguments: listening)
    func `a block that only listens is accepted with a warning`(number: Int) throws {
        let loaded = try Loaded(text: Block(number).text)
        #expect(!loaded.hasErrors, "\(loaded.findings)")
        #expect(loaded.findings.contains("warning: nothing in this configuration waits"))
    }

    @Test(arguments: [21, 23, 24, 25, 26, 30])
    func `a gateway without a listener is accepted with a warning`(number: Int) throws {
        let loaded = try Loaded(text: Block(number).text, environment: ["SSH_PASSWORD": "x"])
        #expect(!loaded.hasErrors, "\(loaded.findings)")
        #expect(loaded.findings.contains("warning: no listener is on port 8080"))
    }

    @Test(arguments: Array(11...20) + [27, 31, 32, 34, 36])
    func `a fragment is refused where it is not called one`(number: Int) throws {
        let loaded = try Loaded(text: Block(number).text)
        #expect(loaded.hasErrors)
    }

    @Test(arguments: [(25, "SSH_PASSWORD"), (28, "SLACK_BOT_TOKEN"), (29, "IMAGE_AI_KEY")])
    func `a variable that is not set is refused`(number: Int, name: String) throws {
        let loaded = try Loaded(text: Block(number).text)
        #expect(loaded.hasErrors)
        #expect(loaded.findings.contains("the environment variable `\(name)` is not set"))
    }

    @Test(arguments: [
        ("listener:\n  prot: 8090\n", "2:3 unknown key `prot`"),
        ("listener:\n  port: x\n", "2:9 found the text `x`"),
        ("listener:\n  path: /a\n  identify_by: ${body.a\n", "3:16"),
        ("listener:\n  path: /a\n  path: /b\n", "3:3 the key `path` is already"),
        ("listener:\n  identify_by: ${body.a}\n", "1:1 the key `path` is missing"),
    ])
    func `a fragment is checked for everything else`(text: String, beginning: String) {
        let loaded = Loaded(text: text, isFragment: true)
        let errors = loaded.diagnostics.all.filter { $0.severity == .error }
        #expect(errors.contains { $0.begins(beginning) }, "\(loaded.findings)")
    }

    @Test func `ports and hosts that a block leaves out have the document's defaults`() throws {
        let ports = try [8, 33, 16].map { number in
            try Loaded(text: Block(number).text, isFragment: true).configuration?.listeners
                .map { "\($0.typeName) \($0.host):\($0.port)" }
        }
        #expect(
            ports == [
                ["http-callback 0.0.0.0:8090"], ["http-callback 0.0.0.0:8090"],
                ["http-trigger 0.0.0.0:8091"],
            ]
        )
    }
}

extension Diagnostic {
    /// The finding's line and column.
    fileprivate var place: String { "\(position.line):\(position.column)" }

    /// Whether the finding, with its place in front, begins with a text.
    fileprivate func begins(_ beginning: String) -> Bool {
        "\(place) \(message)".hasPrefix(beginning)
    }
}
