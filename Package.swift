// swift-tools-version: 6.2
import Foundation
import PackageDescription

/// What every Swift target is built with: Swift 6 mode, explicit access on imports, checked unsafety, no warnings.
let house: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

/// A room of the house (docs/architecture.md): one target, under `Sources/` as a rule.
func room(_ name: String, _ imports: [String] = [], path: String? = nil) -> Target {
    .target(
        name: name,
        dependencies: imports.map { .byName(name: $0) },
        path: path ?? "Sources/\(name)",
        swiftSettings: house
    )
}

/// Tests: those of one room, under `Tests/Unit/<room>` with the target `<room>Tests`, or what stands at a path of its own.
func tests(
    _ name: String,
    _ imports: [String],
    path: String? = nil,
    exclude: [String] = [],
    resources: [Resource] = []
)
    -> Target
{
    .testTarget(
        name: name,
        dependencies: imports.map { .byName(name: $0) },
        path: path ?? "Tests/Unit/\(name.dropLast("Tests".count))",
        exclude: exclude,
        resources: resources,
        swiftSettings: house
    )
}

/// A C library of Debian's, made importable by a module map.
func system(_ name: String, pkgConfig: String) -> Target {
    .systemLibrary(name: name, path: "Sources/\(name)", pkgConfig: pkgConfig)
}

/// Debian 12 ships llhttp as C sources; Debian 13 as a library with a header in the usual place.
let llhttpIsSource = FileManager.default.fileExists(atPath: "/usr/share/llhttp/llhttp.c")

let cRooms: [Target] = [
    system("CLibUV", pkgConfig: "libuv"),
    system("CLibYAML", pkgConfig: "yaml-0.1"),
    system("CCurl", pkgConfig: "libcurl"),
    system("CPCRE2", pkgConfig: "libpcre2-8"),
    system("CSQLite", pkgConfig: "sqlite3"),
    system("CZlib", pkgConfig: "zlib"),
    system("COpenSSL", pkgConfig: "libcrypto"),
    .target(
        name: "CLLHTTP",
        path: "Sources/CLLHTTP",
        cSettings: [.define("LLHTTP_STRICT_MODE", to: "1"), .headerSearchPath("private")],
        linkerSettings: llhttpIsSource ? [] : [.linkedLibrary("llhttp")]
    ),
    .target(name: "CHTTPHead", dependencies: ["CLLHTTP"], path: "Sources/CHTTPHead"),
    .target(name: "CJSONScan", path: "Sources/CJSONScan"),
    .target(name: "CPrimitives", path: "Sources/CPrimitives"),
    .target(name: "CProcess", path: "Sources/CProcess"),
]

let rooms: [Target] = [
    room("Primitives", ["CPrimitives"]),
    room("Platform", ["CProcess", "Primitives"]),
    room("Loops", ["CLibUV", "Primitives"]),
    room("HTTPWire", ["CHTTPHead", "CLLHTTP", "Primitives"]),
    room("Decoding", ["CZlib", "Primitives"]),
    room("Security", ["COpenSSL", "Primitives"]),
    room("JSONWire", ["CJSONScan", "Primitives"]),
    room("SegmentLog", ["Primitives"]),
    room("Storage", ["CSQLite", "Primitives"]),
    room("Executor", ["Primitives"]),
    room("Rendezvous", ["Primitives"]),
    room("HTTPEngine", ["Loops", "HTTPWire", "Primitives"]),
    room("Outbound", ["CCurl", "Loops", "Primitives"]),
    room("Documents", ["CLibYAML", "JSONWire", "Primitives"]),
    room("Expressions", ["CPCRE2", "Documents", "JSONWire", "Primitives"]),
    room("Workflows", ["Expressions", "Documents", "JSONWire", "Primitives"]),
    room("Verification", ["Security", "Documents", "JSONWire", "Primitives"]),
    room(
        "Journal",
        [
            "Workflows", "JSONWire", "Rendezvous", "SegmentLog", "Security", "Primitives",
        ]
    ),
    room(
        "Store",
        [
            "Journal", "Workflows", "Documents", "Platform", "JSONWire", "Rendezvous",
            "SegmentLog", "Storage", "Primitives",
        ]
    ),
    room(
        "Runs",
        [
            "Store", "Journal", "Workflows", "Documents", "Loops", "JSONWire", "Rendezvous",
            "Executor", "Security", "Primitives",
        ]
    ),
    room(
        "Components",
        [
            "Runs", "Journal", "Workflows", "Documents", "Outbound", "Loops", "JSONWire",
            "Primitives",
        ]
    ),
    room(
        "Listeners",
        [
            "Runs", "Journal", "Workflows", "Expressions", "Documents", "Verification",
            "HTTPEngine", "HTTPWire", "Loops", "Decoding", "JSONWire", "Rendezvous", "Executor",
            "Security", "Primitives",
        ]
    ),
    room(
        "Controller",
        [
            "Listeners", "Runs", "Store", "Journal", "Workflows", "Expressions", "Documents",
            "Outbound", "HTTPEngine", "HTTPWire", "JSONWire", "Rendezvous", "Executor", "Security",
            "Primitives",
        ]
    ),
    room(
        "Configuration",
        [
            "Controller", "Listeners", "Components", "Runs", "Store", "Journal", "Workflows",
            "Expressions", "Documents", "Verification", "Platform", "Outbound", "HTTPEngine",
            "HTTPWire", "Loops",
            "JSONWire", "Rendezvous", "Primitives",
        ]
    ),
    room(
        "WorkflowTesting",
        [
            "Configuration", "Listeners", "Components", "Journal", "Workflows", "Expressions",
            "Documents", "Outbound", "HTTPEngine", "HTTPWire", "JSONWire", "Rendezvous",
            "Primitives",
        ]
    ),
    room(
        "Sluice",
        [
            "Configuration", "Controller", "Listeners", "Components", "Runs", "Store", "Journal",
            "Workflows", "Documents", "Verification", "Platform", "Outbound", "HTTPEngine",
            "HTTPWire", "Loops",
            "JSONWire", "Rendezvous", "Executor", "SegmentLog", "Storage", "Primitives",
        ]
    ),
]

let programs: [Target] = [
    // What `sluice demo` runs.
    room(
        "Demo",
        ["HTTPEngine", "HTTPWire", "Outbound", "Loops", "JSONWire", "Platform", "Primitives"],
        path: "Demo"
    ),
    .executableTarget(
        name: "sluice",
        dependencies: [
            "Sluice", "WorkflowTesting", "Configuration", "Controller", "Listeners", "Runs",
            "Store", "Journal", "Demo", "Verification", "Workflows", "Documents", "JSONWire",
            "Outbound", "Security", "Loops", "Platform", "Primitives",
        ],
        path: "Sources/Command",
        swiftSettings: house,
        // An allocator that takes what another thread gives back cheaply: a callback goes through four. Not in debug
        // builds: the sanitizers bring their own.
        linkerSettings: [.linkedLibrary("jemalloc", .when(configuration: .release))]
    ),
    .executableTarget(
        name: "sluice-crash",
        dependencies: ["TestKit", "JSONWire", "Primitives"],
        path: "Tests/Tools/Crash",
        swiftSettings: house
    ),
    .executableTarget(
        name: "json-verdicts",
        dependencies: ["JSONWire", "Security"],
        path: "Tests/Tools/JSONVerdicts",
        swiftSettings: house
    ),
]

let benchmarks: [Target] = [
    .target(name: "CMeasure", path: "Benchmarks/CMeasure"),
    .target(
        name: "CReference",
        dependencies: ["CHTTPHead", "CLLHTTP", "CJSONScan"],
        path: "Benchmarks/CReference",
        cSettings: [.define("LLHTTP_STRICT_MODE", to: "1")]
    ),
    .executableTarget(
        name: "hot-path",
        dependencies: [
            "CMeasure", "CReference", "Configuration", "Documents", "Executor", "HTTPEngine",
            "HTTPWire", "JSONWire", "Journal", "Listeners", "Loops", "Platform", "Primitives",
            "Rendezvous", "Runs", "Workflows",
        ],
        path: "Benchmarks/HotPath",
        exclude: ["baseline.json"],
        swiftSettings: house
    ),
    .executableTarget(
        name: "verification",
        dependencies: ["CMeasure", "Verification", "Security", "Documents", "Primitives"],
        path: "Benchmarks/Verification",
        swiftSettings: house
    ),
    .executableTarget(
        name: "runs",
        dependencies: [
            "Sluice", "Configuration", "Runs", "CMeasure", "Workflows", "Documents", "JSONWire",
            "Platform", "Primitives",
        ],
        path: "Benchmarks/Runs",
        swiftSettings: house
    ),
    .executableTarget(
        name: "store",
        dependencies: [
            "Store", "Journal", "CMeasure", "Workflows", "Rendezvous", "JSONWire", "Primitives",
            "TestKit",
        ],
        path: "Benchmarks/Store",
        swiftSettings: house
    ),
]

let load: Target = .executableTarget(
    name: "sluice-load",
    dependencies: ["JSONWire", "Loops", "Outbound", "Platform", "Primitives"],
    path: "Benchmarks/Load",
    swiftSettings: house
)

let testing: [Target] = [
    .target(
        name: "TestKit",
        dependencies: ["Primitives", "JSONWire", "CZlib"],
        path: "Tests/Support/TestKit",
        swiftSettings: house
    ),
    tests("PrimitivesTests", ["Primitives", "TestKit"]),
    tests("PlatformTests", ["Platform"]),
    tests("LoopsTests", ["Loops", "Primitives", "TestKit"]),
    tests("HTTPWireTests", ["HTTPWire", "Primitives", "TestKit", "JSONWire"], exclude: ["Data"]),
    tests("DecodingTests", ["Decoding", "Primitives", "TestKit"]),
    tests("JSONWireTests", ["JSONWire", "Primitives", "TestKit"], exclude: ["Data"]),
    .target(
        name: "LogKit",
        dependencies: ["SegmentLog", "Primitives", "TestKit"],
        path: "Tests/Support/LogKit",
        swiftSettings: house
    ),
    tests("SegmentLogTests", ["SegmentLog", "LogKit", "Primitives", "TestKit"]),
    tests(
        "SimulationTests",
        [
            "Sluice", "Configuration", "Listeners", "Runs", "Store", "Journal", "Executor",
            "Rendezvous", "SegmentLog", "Workflows", "Documents", "JSONWire", "LogKit", "TestKit",
            "Primitives", "CPowerVFS",
        ],
        path: "Tests/Simulation"
    ),
    tests(
        "JournalTests",
        [
            "Journal", "SegmentLog", "LogKit", "Rendezvous", "Workflows", "JSONWire", "Primitives",
            "TestKit",
        ]
    ),
    .target(
        name: "CFaultVFS",
        path: "Tests/Support/CFaultVFS",
        linkerSettings: [.linkedLibrary("sqlite3")]
    ),
    .target(
        name: "CPowerVFS",
        path: "Tests/Support/CPowerVFS",
        linkerSettings: [.linkedLibrary("sqlite3")]
    ),
    tests("StorageTests", ["Storage", "Primitives", "TestKit", "CFaultVFS"]),
    tests(
        "StoreTests",
        [
            "Sluice", "Listeners", "Runs", "Store", "Journal", "SegmentLog", "Storage",
            "Rendezvous", "Workflows", "JSONWire", "Primitives", "TestKit", "CFaultVFS",
        ]
    ),
    tests("ExecutorTests", ["Executor", "Primitives", "TestKit"]),
    tests("RendezvousTests", ["Rendezvous", "Primitives", "TestKit"]),
    tests("HTTPEngineTests", ["HTTPEngine", "HTTPWire", "Loops", "Primitives", "TestKit"]),
    tests("OutboundTests", ["Outbound", "Loops", "Primitives", "TestKit"]),
    tests("DocumentsTests", ["Documents", "JSONWire", "Primitives", "TestKit"], exclude: ["Data"]),
    tests("ExpressionsTests", ["Expressions", "Documents", "JSONWire", "Primitives", "TestKit"]),
    tests(
        "WorkflowsTests",
        ["Workflows", "Expressions", "Documents", "JSONWire", "Primitives", "TestKit"]
    ),
    tests(
        "CommandTests",
        ["Demo", "TestKit", "JSONWire", "Documents", "Security", "Primitives"]
    ),
    tests(
        "VerificationTests",
        ["Verification", "Security", "Documents", "JSONWire", "Primitives", "TestKit"],
        exclude: ["Data"]
    ),
    tests("SecurityTests", ["Security", "JSONWire", "Primitives", "TestKit"], exclude: ["Data"]),
    tests(
        "ControllerTests",
        [
            "Sluice", "Configuration", "Controller", "Documents", "JSONWire", "Security",
            "Primitives", "TestKit",
        ]
    ),
    tests(
        "ComponentsTests",
        [
            "Sluice", "Configuration", "Components", "Runs", "Journal", "Workflows", "Expressions",
            "Documents", "Loops", "JSONWire", "Primitives", "TestKit", "CFaultVFS", "Rendezvous",
            "Storage", "Executor", "sluice",
        ]
    ),
    tests("TestKitTests", ["TestKit", "Primitives"]),
    tests("RunsTests", ["Runs", "Primitives", "TestKit"]),
    tests(
        "ListenersTests",
        [
            "Configuration", "Listeners", "Runs", "Journal", "Workflows", "Expressions",
            "Documents", "HTTPEngine", "HTTPWire", "Loops", "JSONWire", "Rendezvous", "Executor",
            "Primitives", "TestKit",
        ]
    ),
    tests(
        "ConfigurationTests",
        [
            "Configuration", "Listeners", "Workflows", "Documents", "JSONWire", "Primitives",
            "TestKit",
        ]
    ),
    // The benchmarks are run as programs: linked into the tests, their counting allocator would be everybody's.
    tests("CrashTests", ["TestKit"]),
    tests("BenchmarksTests", ["TestKit", "JSONWire", "Primitives"]),
    tests("Tidy", ["TestKit", "Primitives"], path: "Tests/Tools/Tidy"),
    tests(
        "Integration",
        [
            "Sluice", "Configuration", "Controller", "Listeners", "Runs", "Store", "Journal",
            "Workflows", "Documents", "Verification", "Loops", "JSONWire", "Security", "Primitives",
            "TestKit", "CFaultVFS", "Rendezvous", "sluice",
        ],
        path: "Tests/Integration",
        exclude: ["Data"]
    ),
]

/// What `make fuzz` builds: libraries with the entry point that libFuzzer looks for, each linked with it afterwards.
let fuzzing: [(name: String, imports: [String])] =
    Context.environment["SLUICE_FUZZ"] == nil
    ? []
    : [
        ("FuzzRequests", ["HTTPWire"]),
        ("FuzzJSON", ["JSONWire"]),
        ("FuzzExpressions", ["Expressions", "Documents", "JSONWire"]),
        ("FuzzYAML", ["Documents"]),
        ("FuzzVerification", ["Verification", "Documents", "Primitives"]),
    ]

let fuzzTargets: [Target] = fuzzing.map { name, imports in
    .target(
        name: name,
        dependencies: imports.map { .byName(name: $0) },
        path: "Tests/Tools/Fuzz/\(name)",
        swiftSettings: house
    )
}

/// What `make simulate` builds: the simulation alone, optimised, with the rooms it looks into.
let isSimulating = Context.environment["SLUICE_SIMULATE"] != nil

let simulating = testing.filter {
    ["TestKit", "LogKit", "CPowerVFS", "SimulationTests"].contains($0.name)
}

let everything = cRooms + rooms + programs + [load] + benchmarks + testing + fuzzTargets

let package = Package(
    name: "sluice",
    products: (isSimulating ? [] : [.executable(name: "sluice", targets: ["sluice"])])
        + fuzzing.map { .library(name: $0.name, type: .static, targets: [$0.name]) },
    targets: isSimulating ? cRooms + rooms + simulating : everything
)
