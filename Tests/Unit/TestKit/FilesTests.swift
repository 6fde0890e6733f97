import TestKit
import Testing

@Suite struct FilesTests {
    @Test func `what is written is read, and goes with its folder`() throws {
        var path = ""
        do {
            let folder = try TemporaryDirectory()
            path = folder.path
            try Files.write("grüße\n", to: folder.path("a.txt"))
            #expect(try Files.text(folder.path("a.txt")) == "grüße\n")
            #expect(try Files.below(folder.path) == ["a.txt"])
        }
        #expect(!Files.exists(path))
    }

    @Test func `the package root holds the manifest`() {
        #expect(Files.exists(PackageRoot.path("Package.swift")))
    }

    @Test func `free ports differ and can be listened on`() throws {
        let ports = FreePorts.take(3)
        #expect(Set(ports).count == 3)
        for port in ports {
            let service = try ScriptedService(port: port) { _ in .status(200) }
            #expect(try HTTPProbe(port: port).get("/").status == 200)
            service.stop()
        }
    }

    @Test func `a condition that never holds ends at its deadline`() {
        #expect(throws: KitError.deadlinePassed(doing: "waiting for never")) {
            try eventually("waiting for never", deadline: .milliseconds(10)) { false }
        }
    }
}
