/// The rooms of the house and the walls between them; `docs/architecture.md` shows the same to people.
enum Rooms {
    /// What each room may import of the package; it is also exactly what Package.swift says.
    static let imports: [String: Set<String>] = [
        "Primitives": ["CPrimitives"],
        "Platform": ["CProcess", "Primitives"],
        "Loops": ["CLibUV", "Primitives"],
        "HTTPWire": ["CLLHTTP", "Primitives"],
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
        "Sluice": [
            "Workflows", "Expressions", "Documents", "Platform", "Outbound", "HTTPEngine",
            "HTTPWire",
            "Loops", "JSONWire", "Rendezvous", "Executor", "SegmentLog", "Security", "Storage",
            "Primitives",
        ],
        "Demo": [
            "HTTPEngine", "HTTPWire", "Outbound", "Loops", "JSONWire", "Platform", "Primitives",
        ],
        "Command": [
            "Sluice", "Demo", "Verification", "Workflows", "Documents", "JSONWire", "Outbound",
            "Security", "Loops", "Platform", "Primitives",
        ],
    ]

    /// The rooms that may hold pointers, `unsafe` and the C library's names.
    static let unsafeAllowed: Set<String> = [
        "Primitives", "Platform", "Loops", "HTTPWire", "Security", "JSONWire", "SegmentLog",
        "Storage", "Outbound", "Documents",
    ]

    /// The one file outside those rooms that may: the owner of PCRE2 in Expressions is the file that imports it.
    static let unsafeImport = "CPCRE2"

    /// Modules of the toolchain that every room may import.
    static let toolchainAllowed: Set<String> = ["Synchronization"]

    /// Whether a module is a C room.
    static func isC(_ module: String) -> Bool {
        module.first == "C" && module.dropFirst().first?.isUppercase == true
    }
}
