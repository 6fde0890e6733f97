import HTTPWire
import Testing

@testable import HTTPEngine

@Suite struct RouteTableTests {
    private static let routes = [
        Route(id: 1, methods: [.post], path: "/callback"),
        Route(id: 2, methods: [.get], path: "/callback"),
        Route(id: 3, methods: [.get], path: "/tasks/{id}"),
        Route(id: 4, methods: [.get], path: "/tasks/all"),
        Route(id: 5, methods: [.delete], path: "/tasks/{id}/{part}"),
        Route(id: 6, methods: [.post], path: "/tasks/{id}/resume"),
        Route(id: 7, methods: [.get], path: "/"),
        Route(id: 8, methods: [.get], path: "/späth"),
    ]

    private func match(
        _ method: String,
        _ target: String,
        base: String = ""
    ) throws -> RouteTable.Match? {
        let table = try RouteTableBuilder.build(Self.routes, basePath: base)
        let parser = RequestParser(limits: WireLimits())
        var offset = 0
        return Array("\(method) \(target) HTTP/1.1\r\nHost: a\r\n\r\n".utf8).withRawSpan { read in
            guard parser.advance(read, from: &offset) == .head else { return nil }
            return parser.withMessage(in: read) { head, _ in table.match(head) }
        }
    }

    private func id(_ match: RouteTable.Match?) -> Int? {
        if case .found(let index) = match { Self.routes[index].id } else { nil }
    }

    @Test(arguments: [
        ("POST", "/callback", 1), ("GET", "/callback?x=1", 2), ("HEAD", "/callback", 2),
        ("GET", "/tasks/17", 3), ("GET", "/tasks/all", 4), ("GET", "/tasks/a%2Fb", 3),
        ("DELETE", "/tasks/1/x", 5), ("DELETE", "/tasks/1/resume", 5),
        ("POST", "/tasks/1/resume", 6), ("GET", "http://h/callback", 2), ("GET", "http://h", 7),
        ("GET", "/", 7), ("GET", "/%63allback", 2), ("GET", "/sp%C3%A4th", 8),
    ])
    func `a path and method find their route`(
        _ method: String,
        _ target: String,
        _ wanted: Int
    )
        throws
    {
        #expect(id(try match(method, target)) == wanted)
    }

    @Test(arguments: [
        "/callback/", "/Callback", "/callbac", "/callback2", "/tasks", "/tasks/", "/tasks/1/2/3",
        "//callback", "/x/../callback", "/tasks%2F17", "/tasks/%2F/", "/callback%2F",
    ])
    func `what is not there is missing`(_ target: String) throws {
        #expect(try match("GET", target) == .missing)
    }

    @Test func `another method is told what there is`() throws {
        #expect(
            try match("PUT", "/callback") == .notAllowed(MethodSet([.get, .head, .post, .options]))
        )
        #expect(try match("PUT", "/tasks/all") == .notAllowed(MethodSet([.get, .head, .options])))
        #expect(MethodSet([.post, .get, .options]).allowText == "GET, POST, OPTIONS")
    }

    @Test func `OPTIONS is answered with what there is`() throws {
        #expect(
            try match("OPTIONS", "/callback")
                == .options(MethodSet([.get, .head, .post, .options]))
        )
        guard case .options(let all) = try match("OPTIONS", "*") else {
            Issue.record("no answer to OPTIONS *")
            return
        }
        #expect(all.contains(.delete) && all.contains(.post))
    }

    @Test func `a base path stands before every path`() throws {
        #expect(id(try match("POST", "/hooks/callback", base: "/hooks")) == 1)
        #expect(try match("POST", "/callback", base: "/hooks") == .missing)
    }

    @Test func `routes that contradict each other are told at start`() {
        let twice = [
            Route(id: 1, methods: [.get, .post], path: "/a"),
            Route(id: 2, methods: [.post], path: "/a"),
        ]
        #expect(throws: RouteError.repeated(path: "/a")) {
            try RouteTableBuilder.build(twice, basePath: "")
        }
        #expect(throws: RouteError.notAbsolute(path: "a")) {
            try RouteTableBuilder.build([Route(id: 1, methods: [.get], path: "a")], basePath: "")
        }
    }

    @Test func `many routes are all found`() throws {
        let routes = (0..<1000).map { Route(id: $0, methods: [.post], path: "/hooks/\($0)") }
        let table = try RouteTableBuilder.build(routes, basePath: "")
        let parser = RequestParser(limits: WireLimits())
        for number in 0..<1000 {
            var offset = 0
            let text = "POST /hooks/\(number) HTTP/1.1\r\nHost: a\r\n\r\n"
            let found = Array(text.utf8).withRawSpan { read -> RouteTable.Match in
                _ = parser.advance(read, from: &offset)
                return parser.withMessage(in: read) { head, _ in table.match(head) }
            }
            parser.next()
            #expect(found == .found(number))
        }
    }

    @Test(arguments: [
        ("application/json", true), ("Application/JSON; charset=utf-8", true),
        ("application/cloudevents+json", true), ("text/json", false), ("", false),
        ("application/jsonx", false), ("image/png", true),
    ])
    func `media types are compared with what a route takes`(_ type: String, _ isAllowed: Bool) {
        #expect(MediaType.isAllowed(type, ["application/json", "+json", "image/"]) == isAllowed)
    }

    @Test(arguments: [
        ("/f/a", 2), ("/f/a/b", 1), ("/f/", 1), ("/f/all", 3), ("/f/all/x", 4), ("/f/a/x", 4),
        ("/f/a/x/y", 1), ("/f/a%2Fb", 2),
    ])
    func `text wins over a parameter, a parameter over the rest of the path`(
        _ target: String,
        _ wanted: Int
    ) throws {
        let routes = [
            Route(id: 1, methods: [.get], path: "/f/{rest:path}"),
            Route(id: 2, methods: [.get], path: "/f/{id}"),
            Route(id: 3, methods: [.get], path: "/f/all"),
            Route(id: 4, methods: [.get], path: "/f/{id}/x"),
        ]
        for order in [routes, Array(routes.reversed())] {
            let table = try RouteTableBuilder.build(order, basePath: "")
            let parser = RequestParser(limits: WireLimits())
            var offset = 0
            let found = Array("GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n".utf8).withRawSpan {
                read -> RouteTable.Match? in
                guard parser.advance(read, from: &offset) == .head else { return nil }
                return parser.withMessage(in: read) { head, _ in table.match(head) }
            }
            guard case .found(let index) = found else {
                Issue.record("\(target) is not found")
                return
            }
            #expect(order[index].id == wanted)
        }
    }

    @Test func `two patterns that differ in names alone are refused for one method`() throws {
        func table(_ second: Route) throws -> RouteTable {
            try RouteTableBuilder.build(
                [Route(id: 1, methods: [.get], path: "/t/{a}/{r:path}"), second],
                basePath: ""
            )
        }
        #expect(throws: RouteError.repeated(path: "/t/{b}/{s:path}")) {
            try table(Route(id: 2, methods: [.get, .post], path: "/t/{b}/{s:path}"))
        }
        _ = try table(Route(id: 2, methods: [.post], path: "/t/{b}/{s:path}"))
        _ = try table(Route(id: 2, methods: [.get], path: "/t/{b}/{s}"))
    }
}
