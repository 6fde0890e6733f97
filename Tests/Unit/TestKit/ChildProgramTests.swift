import TestKit
import Testing

@Suite struct ChildProgramTests {
    @Test func `output, errors and exit code are kept`() throws {
        let child = try ChildProgram("/bin/sh", ["-c", "echo out; echo err >&2; exit 7"])
        #expect(try child.waitForExit() == .exited(7))
        #expect(child.output == "out\n")
        #expect(child.errors == "err\n")
    }

    @Test func `a line is waited for, then a signal ends the child`() throws {
        let child = try ChildProgram("/bin/sh", ["-c", "echo ready; exec sleep 600"])
        #expect(try child.waitForLine(containing: "read") == "ready")
        child.signal(15)
        #expect(try child.waitForExit() == .signalled(15))
    }

    @Test func `a child that ends without the line is not waited for`() throws {
        let child = try ChildProgram("/bin/sh", ["-c", "exit 0"])
        #expect(throws: KitError.closed(doing: "waiting for a line with ready:\n")) {
            try child.waitForLine(containing: "ready")
        }
    }

    @Test func `variables and the working directory are the child's`() throws {
        let folder = try TemporaryDirectory()
        let child = try ChildProgram(
            "/bin/sh",
            ["-c", "echo $WORD; pwd"],
            environment: ["WORD": "a b"],
            directory: folder.path
        )
        #expect(try child.waitForExit() == .exited(0))
        #expect(child.output == "a b\n\(folder.path)\n")
    }

    @Test func `a program that is not there is an error`() {
        #expect(throws: KitError.missing("/nowhere/program")) {
            try ChildProgram("/nowhere/program")
        }
    }
}
