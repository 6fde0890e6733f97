/// The rooms of the house and the walls between them; `docs/architecture.md` shows the same to people.
enum Rooms {
    /// What each room may import of the package; it is also exactly what Package.swift says.
    static let imports: [String: Set<String>] = [
        "Primitives": ["CPrimitives"],
        "Platform": ["CProcess", "Primitives"],
        "Loops": ["CLibUV", "Primitives"],
        "HTTPWire": ["CHTTPHead", "CLLHTTP", "Primitives"],
        "Decoding": ["CZlib", "Primitives"],
        "JSONWire": ["CJSONScan", "Primitives"],
        "Security": ["COpenSSL", "Primitives"],
        "SegmentLog": ["Primitives"],
        "Storage": ["CSQLite", "Primitives"],
        "Executor": ["Primitives"],
        "Rendezvous": ["Primitives"],
        "HTTPEngine": ["Loops", "HTTPWire", "Primitives"],
        "Outbound": ["CCurl", "Loops", "Primitives"],
        "Documents": ["CLibYAML", "JSONWire", "Primitives"],
        "Expressions": ["CPCRE2", "Documents", "JSONWire", "Primitives"],
        "Workflows": ["Expressions", "Documents", "JSONWire", "Primitives"],
        "Verification": ["Security", "Documents", "JSONWire", "Primitives"],
        "Journal": [
            "Workflows", "JSONWire", "Rendezvous", "SegmentLog", "Security", "Primitives",
        ],
        "Store": [
            "Journal", "Workflows", "Documents", "Platform", "JSONWire", "Rendezvous",
            "SegmentLog", "Storage", "Primitives",
        ],
        "Runs": [
            "Store", "Journal", "Workflows", "Documents", "Loops", "JSONWire", "Rendezvous",
            "Executor", "Security", "Primitives",
        ],
        "Components": [
            "Runs", "Journal", "Workflows", "Documents", "Outbound", "Loops", "JSONWire",
            "Primitives",
        ],
        "Listeners": [
            "Runs", "Journal", "Workflows", "Expressions", "Documents", "Verification",
            "HTTPEngine", "HTTPWire", "Loops", "Decoding", "JSONWire", "Rendezvous", "Executor",
            "Security", "Primitives",
        ],
        "Controller": [
            "Listeners", "Runs", "Store", "Journal", "Workflows", "Expressions", "Documents",
            "Outbound", "HTTPEngine", "HTTPWire", "JSONWire", "Rendezvous", "Executor", "Security",
            "Primitives",
        ],
        "Configuration": [
            "Controller", "Listeners", "Components", "Runs", "Store", "Journal", "Workflows",
            "Expressions", "Documents", "Verification", "Platform", "Outbound", "HTTPEngine",
            "HTTPWire", "Loops",
            "JSONWire", "Rendezvous", "Primitives",
        ],
        "WorkflowTesting": [
            "Configuration", "Listeners", "Components", "Journal", "Workflows", "Expressions",
            "Documents", "Outbound", "HTTPEngine", "HTTPWire", "JSONWire", "Rendezvous",
            "Primitives",
        ],
        "Sluice": [
            "Configuration", "Controller", "Listeners", "Components", "Runs", "Store", "Journal",
            "Workflows", "Documents", "Verification", "Platform", "Outbound", "HTTPEngine",
            "HTTPWire", "Loops",
            "JSONWire", "Rendezvous", "Executor", "SegmentLog", "Storage", "Primitives",
        ],
        "Demo": [
            "HTTPEngine", "HTTPWire", "Outbound", "Loops", "JSONWire", "Platform", "Primitives",
        ],
        "Command": [
            "Sluice", "WorkflowTesting", "Configuration", "Controller", "Listeners", "Runs",
            "Store", "Journal", "Demo", "Verification", "Workflows", "Documents", "JSONWire",
            "Outbound", "Security", "Loops", "Platform", "Primitives",
        ],
    ]

    /// The rooms that may hold pointers, `unsafe` and the C library's names.
    static let unsafeAllowed: Set<String> = [
        "Primitives", "Platform", "Loops", "HTTPWire", "Security", "JSONWire", "SegmentLog",
        "Storage", "Outbound", "Documents",
        "Decoding",
    ]

    /// The one file outside those rooms that may: the owner of PCRE2 in Expressions is the file that imports it.
    static let unsafeImport = "CPCRE2"

    /// Modules of the toolchain that every room may import.
    static let toolchainAllowed: Set<String> = ["Synchronization"]

    /// The rooms that a room imports, and those that these import, and so on.
    static func reached(from room: String) -> Set<String> {
        var reached: Set<String> = []
        var next = [room]
        while let room = next.popLast() {
            next += (imports[room] ?? []).filter { reached.insert($0).inserted }
        }
        return reached
    }

    /// Whether a module is a C room.
    static func isC(_ module: String) -> Bool {
        module.first == "C" && module.dropFirst().first?.isUppercase == true
    }
}
