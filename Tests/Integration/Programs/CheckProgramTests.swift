import JSONWire
import TestKit
import Testing

/// `sluice check` as a program: its exit codes, and what it prints where.
@Suite struct CheckProgramTests {
    private let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
    }

    private func check(
        _ text: String,
        _ options: [String] = [],
        environment: [String: String] = [:]
    ) throws -> (status: TestKit.ExitStatus, output: String, errors: String) {
        let file = folder.path("sluice.yml")
        try Files.write(text, to: file)
        let program = try SluiceProgram.start(
            ["check", "-f", "sluice.yml"] + options,
            environment: environment,
            directory: folder.path
        )
        return (try program.waitForExit(), program.output, program.errors)
    }

    @Test(arguments: [1, 13, 27, 32])
    func `a fragment ends with 0 and its notes, a line each, on standard output`(
        number: Int
    ) throws {
        let checked = try check(Block(number).text, ["--fragment"])
        #expect(checked.status == .exited(0))
        #expect(checked.errors == "")
        let expected = try #require(FragmentTests.table[at: number - 1])
        let lines = checked.output.split(separator: "\n")
        for place in (expected.absent + expected.incomplete + expected.assumed)
            .compactMap({ $0.split(separator: " ").first })
        {
            #expect(lines.contains { $0.hasPrefix("sluice.yml:\(place): note: ") })
        }
        let notes = lines.count { $0.contains(": note: ") }
        let last = try #require(lines.last)
        #expect(last.hasSuffix("\(notes) note\(notes == 1 ? "" : "s")"))
    }

    /// Forbids netlink sockets, as a sandbox without AF_NETLINK does, and becomes the program that is named.
    private static let withoutNetlink = """
        import ctypes, os, struct, sys
        def step(code, jt, jf, k): return struct.pack("HBBI", code, jt, jf, k)
        # If the call is socket (41) and its first argument is AF_NETLINK (16): EAFNOSUPPORT (97); else allowed.
        program = (step(0x20, 0, 0, 0) + step(0x15, 0, 3, 41) + step(0x20, 0, 0, 16) + step(0x15, 0, 1, 16)
                   + step(0x06, 0, 0, 0x00050000 | 97) + step(0x06, 0, 0, 0x7FFF0000))
        buffer = ctypes.create_string_buffer(program)
        filter = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(buffer))
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, ctypes.create_string_buffer(filter), 0, 0): sys.exit(70)
        os.execv(sys.argv[1], sys.argv[1:])
        """

    @Test(.enabled(if: Machine.isX86, "the filter is written for x86-64"))
    func `addresses that cannot be read are an error, not a step that does not wait`() throws {
        try Files.write(
            """
            listener: { port: 8090, path: /done, identify_by: "${body.id}" }
            component: { id: c, type: http-client, endpoint: "http://127.0.0.1:1/", body: { cb: "http://192.0.2.2:8090/done" } }
            workflow: { id: w, jobs: [ { id: c, component: c } ] }
            """,
            to: folder.path("sluice.yml")
        )
        let program = try ChildProgram(
            "/usr/bin/env",
            [
                "python3", "-c", Self.withoutNetlink, SluiceProgram.path(), "check", "-f",
                "sluice.yml",
            ],
            directory: folder.path
        )
        #expect(try program.waitForExit() == .exited(1), "\(program.output)\(program.errors)")
        let told = program.output + program.errors
        #expect(told.contains("sluice.yml:1:"), "\(told)")
        #expect(told.contains("this machine's addresses cannot be read"), "\(told)")
    }

    @Test func `the notes come as JSON too`() throws {
        let checked = try check(Block(11).text, ["--fragment", "--json"])
        #expect(checked.status == .exited(0))
        guard case .array(let findings) = try JSONValue.parse(checked.output) else {
            Issue.record("no list: \(checked.output)")
            return
        }
        #expect(findings.count == 1)
        let note = try #require(findings.first)
        #expect(note["severity"] == .string("note"))
        #expect(note["kind"] == .string("absent"))
        #expect(note["what"] == .string("workflow"))
        #expect(note["name"] == .string("my-workflow"))
        #expect(note["line"] == .integer(7))
        #expect(note["column"] == .integer(13))
    }

    @Test func `an error ends with 1, with place, line, caret and suggestion on standard error`()
        throws
    {
        let checked = try check("listener:\n  path: /callback\n  prot: 8090\n")
        #expect(checked.status == .exited(1))
        #expect(checked.output == "")
        #expect(
            checked.errors.contains(
                """
                sluice.yml:3:3: error: listener.prot: unknown key `prot`
                  3 |   prot: 8090
                    |   ^
                """
            ),
            "\(checked.errors)"
        )
        #expect(checked.errors.contains("did you mean `port`?"))
        #expect(checked.errors.split(separator: "\n").last?.hasPrefix("1 error, ") == true)
    }

    @Test func `a fragment with an error ends with 1`() throws {
        let checked = try check("listener:\n  prot: 8090\n", ["--fragment"])
        #expect(checked.status == .exited(1))
    }

    @Test func `what up would refuse is refused`() throws {
        let checked = try check(
            Block(29).text,
            environment: ["IMAGE_AI_KEY": "ai-secret", "IMAGEOPTIM_KEY": "b"]
        )
        #expect(checked.status == .exited(1))
        #expect(checked.errors.contains("the gateway driver `ngrok` cannot be started yet"))
        let fragment = try check(
            Block(29).text,
            ["--fragment"],
            environment: ["IMAGE_AI_KEY": "ai-secret", "IMAGEOPTIM_KEY": "b"]
        )
        #expect(fragment.status == .exited(0))
    }

    @Test func `a good configuration is summed up`() throws {
        let checked = try check(
            Block(29).withPublicGateway().text,
            environment: ["IMAGE_AI_KEY": "ai-secret", "IMAGEOPTIM_KEY": "b"]
        )
        #expect(checked.status == .exited(0), "\(checked.errors)")
        for line in [
            "listener   http-callback on 0.0.0.0:8090", "POST /webhooks/image/completed",
            "gateway    public for port 8090", "component  image-generator (http-client)",
            "waits      image-generator", "workflow   __workflow__",
            "controller on 127.0.0.1:8080",
        ] {
            #expect(checked.output.contains(line), "\(checked.output)")
        }
        #expect(!checked.output.contains("ai-secret"))
    }

    @Test func `a file that is not there ends with 1`() throws {
        let program = try SluiceProgram.start(
            ["check", "-f", "nowhere.yml"],
            directory: folder.path
        )
        #expect(try program.waitForExit() == .exited(1))
        #expect(program.errors.contains("nowhere.yml"))
    }

    @Test(arguments: [["check", "--fragmnt"], ["chek"], ["check", "operand"], []])
    func `words that are wrong end with 2`(words: [String]) throws {
        let program = try SluiceProgram.start(words, directory: folder.path)
        #expect(try program.waitForExit() == .exited(2))
        #expect(program.output == "")
        #expect(!program.errors.isEmpty)
    }
}

/// What the tests need to know of the machine.
private enum Machine {
    #if arch(x86_64)
    static let isX86 = true
    #else
    static let isX86 = false
    #endif
}
