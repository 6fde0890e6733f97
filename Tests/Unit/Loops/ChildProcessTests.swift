import Glibc
import Loops
import Primitives
import TestKit
import Testing

@Suite struct ChildProcessTests {
    @Test func `a program's output, exit code, environment and directory`() throws {
        let child = try Child(
            [
                "sh", "-c", "echo out $GREETING; pwd; echo err >&2; cat; exit 7",
            ],
            environment: [("GREETING", "hello")],
            directory: "/tmp",
            input: Array("typed".utf8)
        )
        #expect(try child.end() == .exited(7))
        #expect(child.output == "out hello\n/tmp\ntyped")
        #expect(child.errors == "err\n")
    }

    @Test func `what cannot be started says why`() throws {
        let missing = try Child(["no-such-program-anywhere"])
        #expect(try missing.end() == .notStarted(reason: "No such file or directory"))
        let nowhere = try Child(["true"], directory: "/no/such/directory")
        #expect(try nowhere.end() == .directoryRefused(reason: "No such file or directory"))
        let killed = try Child(["sh", "-c", "kill -9 $$"])
        #expect(try killed.end() == .signalled(9))
    }

    @Test func `a program that says much on both outputs never blocks`() throws {
        let child = try Child([
            "sh", "-c", "head -c 3000000 /dev/zero >&2; head -c 3000000 /dev/zero",
        ])
        #expect(try child.end() == .exited(0))
        #expect(child.count(.output) == 3_000_000)
        #expect(child.count(.errors) == 3_000_000)
    }

    @Test func `what a program leaves behind goes with it`() throws {
        let child = try Child(["sh", "-c", "setsid sleep 1000 & sleep 1000 & echo $!"])
        #expect(try child.end() == .exited(0))
        try expectGone(child.numbers)
    }

    @Test func `a kill reaches descendants in sessions of their own`() throws {
        let child = try Child(["sh", "-c", Self.family])
        try eventually("the family is there") { child.numbers.count == 3 }
        child.kill()
        #expect(try child.end() == .signalled(9))
        try expectGone(child.numbers)
    }

    @Test func `a program can end by itself when it is asked to`() throws {
        let child = try Child([
            "sh", "-c", "trap 'echo bye; exit 3' TERM; echo 1; while :; do sleep 0.01; done",
        ])
        try eventually("the program is there") { child.numbers.count == 1 }
        child.terminate()
        #expect(try child.end() == .exited(3))
        #expect(child.output == "1\nbye\n")
    }

    @Test func `the end of the loop is the end of its children`() throws {
        let child = try Child(["sh", "-c", Self.family])
        try eventually("the family is there") { child.numbers.count == 3 }
        child.stopLoop()
        try expectGone(child.numbers)
    }

    /// Prints the ids of a shell, of its child, and of a grandchild that has left the session.
    private static let family =
        "echo $$; sh -c 'echo $$; setsid sh -c \"echo \\$\\$; sleep 1000\" & sleep 1000'; true"

    private func expectGone(_ numbers: [Int32]) throws {
        #expect(!numbers.isEmpty)
        for number in numbers {
            try eventually("process \(number) is gone") { Glibc.kill(number, 0) != 0 }
        }
    }
}

/// A child process on a loop of its own, with what it said.
private final class Child: Sendable {
    private let group: LoopGroup
    private let bytes = Watched([ChildStream: [UInt8]]())
    private let ended = Watched<ChildEnd?>(nil)
    private let bound = Watched<LoopBound<ChildProcess>?>(nil)

    init(
        _ arguments: [String],
        environment: [(name: String, value: String)] = [],
        directory: String? = nil,
        input: [UInt8]? = nil
    ) throws {
        group = try LoopGroup(threads: 1, name: "child")
        let command = ChildCommand(
            guardPath: try SluiceProgram.path(),
            arguments: arguments,
            environment: environment,
            workingDirectory: directory,
            input: input
        )
        try group.onEach { [bytes, ended, bound] loop in
            let child = try ChildProcess(loop: loop, command: command) { stream, more in
                bytes.withLock { $0[stream, default: []] += more }
            } onEnd: { end in
                ended.withLock { $0 = end }
            }
            bound.withLock { $0 = LoopBound(child, on: loop) }
        }
    }

    deinit { group.stop() }

    var output: String { text(.output) }
    var errors: String { text(.errors) }
    var numbers: [Int32] { output.split(separator: "\n").compactMap { Int32($0) } }

    func count(_ stream: ChildStream) -> Int { bytes.withLock { $0[stream]?.count ?? 0 } }

    func end() throws -> ChildEnd {
        try #require(ended.wait(until: .standard) { $0 })
    }

    func terminate() { with { $0.terminate() } }
    func kill() { with { $0.kill() } }
    func stopLoop() { group.stop() }

    private func with(_ body: @escaping @Sendable (ChildProcess) -> Void) {
        guard let child = bound.withLock({ $0 }) else { return }
        child.port.post { body(child.get(on: $0)) }
    }

    private func text(_ stream: ChildStream) -> String {
        String(decoding: bytes.withLock { $0[stream] ?? [] }, as: UTF8.self)
    }
}
