import TestKit
import Testing

/// How several files, and several documents of a file, become one configuration.
@Suite struct MergingTests {
    private static let base = """
        controller: { port: 8081 }
        listener: { type: http-callback, port: 8090, path: /a, success_when: [one, two], status: "${body.s}" }
        components:
          - { id: a, type: http-client, endpoint: "http://a.example/1", timeout: 5s }
          - { id: b, type: http-client, endpoint: "http://b.example/1" }
        workflow: { id: w, jobs: [{ id: s, component: a }] }
        """

    private func check(_ parts: [String], asFiles: Bool) throws -> String {
        let directory = try TemporaryDirectory()
        var arguments = ["check"]
        if asFiles {
            for (index, part) in parts.enumerated() {
                try Files.write(part, to: directory.path("\(index).yml"))
                arguments += ["-f", "\(index).yml"]
            }
        } else {
            let text = parts.joined(separator: "\n---\n")
            try Files.write(text, to: directory.path("sluice.yml"))
        }
        let result = try Sluice(arguments, directory: directory.path)
        return result.output + result.errors
    }

    @Test(arguments: [true, false])
    func `maps merge deeply, things with an id by it, and new ones come last`(
        _ asFiles: Bool
    ) throws {
        let over = """
            controller: { base_path: /api }
            components:
              - { id: c, type: http-client, endpoint: "http://c.example/1" }
              - { id: a, endpoint: "http://a.example/2" }
            """
        let summary = try check([Self.base, over], asFiles: asFiles)
        #expect(summary.contains("controller on 127.0.0.1:8081/api"), "\(summary)")
        let lines = summary.split(separator: "\n").filter { $0.hasPrefix("component") }
        #expect(lines.map { $0.split(separator: " ")[1] } == ["a", "b", "c"])
        #expect(summary.contains("0 errors"))
    }

    @Test func `other lists are replaced`() throws {
        let over = "listener: { success_when: [three], fail_when: [four] }"
        let summary = try check([Self.base, over], asFiles: true)
        #expect(summary.contains("0 errors"), "\(summary)")
        let empty = try check([Self.base, "components: []"], asFiles: true)
        #expect(empty.contains("there is no component `a`"), "\(empty)")
    }

    @Test func `a mistake is told in the file that made it`() throws {
        let found = try check([Self.base, "listener: { paht: /b }"], asFiles: true)
        #expect(found.contains("1.yml:1:13: error: listener.paht: unknown key `paht`"), "\(found)")
    }
}
