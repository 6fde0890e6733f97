import JSONWire
import TestKit
import Testing

@Suite struct DocumentTests {
    @Test(arguments: ["", "  tokens: [a-token-that-is-long]\n  base_path: /api/v1\n"])
    func `the document is valid OpenAPI`(_ controller: String) throws {
        let fixture = try ControllerFixture(controller: controller)
        let path = controller.isEmpty ? "/openapi.json" : "/api/v1/openapi.json"
        let reply = try fixture.api.get(path, headers: [("X-API-Key", "a-token-that-is-long")])
        #expect(reply.status == 200)
        #expect(reply.headers["content-type"] == "application/json")
        #expect(reply.json["openapi"] == .string("3.1.0"))
        let folder = try TemporaryDirectory()
        try Files.write(reply.text, to: folder.path("openapi.json"))
        let validator = try ChildProgram(
            PackageRoot.path("scripts/check-openapi"),
            [folder.path("openapi.json")]
        )
        let status = try validator.waitForExit(deadline: .seconds(120))
        if status == .exited(77) {
            SharedData.skipped("openapi-spec-validator cannot be had from PyPI")
        } else {
            #expect(status == .exited(0), "\(validator.output)\(validator.errors)")
        }
    }

    @Test func `every operation of the document is served, with its method only`() throws {
        let fixture = try ControllerFixture()
        guard case .object(let paths)? = try fixture.api.get("/openapi.json").json["paths"] else {
            Issue.record("there are no paths")
            return
        }
        #expect(paths.count == 18)
        for path in paths.members {
            guard case .object(let operations) = path.value else { continue }
            let target = path.name.replacing("{id}", with: "x")
            for operation in operations.members {
                let reply = try fixture.api.send(operation.name.uppercased(), target)
                let code = reply.json["code"]?.string
                #expect(
                    reply.status != 405 && code != "not_found",
                    "\(operation.name) \(path.name)"
                )
                #expect(operation.value["responses"]?["default"] != nil)
            }
            #expect(try fixture.api.send("DELETE", target).status == 405)
        }
    }

    @Test func `the document asks for tokens where the controller does`() throws {
        let first = try ControllerFixture()
        let open = try first.api.get("/openapi.json").json
        #expect(open["components"]?["securitySchemes"] == nil)
        let fixture = try ControllerFixture(controller: "  tokens: [a-token-that-is-long]\n")
        let closed = try fixture.api
            .get("/openapi.json", headers: [("X-API-Key", "a-token-that-is-long")]).json
        #expect(closed["components"]?["securitySchemes"]?["bearer"] != nil)
        #expect(closed["paths"]?["/tasks"]?["get"]?["security"]?.elements.count == 2)
        #expect(closed["paths"]?["/health"]?["get"]?["security"] == nil)
    }
}
