import TestKit

/// The package's files, each read once.
enum Tree {
    /// Every Swift file under `Sources`.
    static let sources = load("Sources")
    /// Every Swift file under `Tests`, `Benchmarks` and `Demo`.
    static let rest = ["Tests", "Benchmarks", "Demo"].flatMap(load)
    /// Every Swift file.
    static var all: [SourceFile] { sources + rest }

    /// The text of a file; empty where it is not there, which the tests about it notice.
    static func text(_ path: String) -> String {
        do {
            return try Files.text(PackageRoot.path(path))
        } catch {
            return ""
        }
    }

    /// The files below a folder with one of these endings, as paths relative to the root; all of them for no ending.
    static func paths(below folder: String, endings: [String] = []) -> [String] {
        do {
            return try Files.below(PackageRoot.path(folder)).map { "\(folder)/\($0)" }
                .filter { path in endings.isEmpty || endings.contains { path.hasSuffix($0) } }
        } catch {
            return []
        }
    }

    /// Every file that people read or that is run: sources, papers, scripts, configuration; no test data.
    static let written: [String] = {
        let folders = [
            "Sources", "Tests", "Benchmarks", "Demo", "docs", "config", "deploy", "scripts", ".ci",
        ]
        let top = ["Package.swift", "Makefile", "README.md", "CHANGELOG.md"]
        let all = top + folders.flatMap { paths(below: $0) }
        return all.filter { !$0.contains("/Data/") && !$0.contains("/corpus/") }
    }()

    private static func load(_ folder: String) -> [SourceFile] {
        paths(below: folder, endings: [".swift"]).map { SourceFile($0, text($0)) }
    }
}
