package import Documents
package import Journal
internal import Platform

/// The texts a configuration is made of: files, and the environment its expressions read.
package struct ConfigurationFiles {
    /// The files found when none is named, in this order.
    package static let standardNames = [
        "sluice.yml", "sluice.yaml", "model-compose.yml", "model-compose.yaml",
    ]

    /// The merged document; nil where nothing could be read.
    package let document: Node?
    /// The texts that the document was made of.
    package let source: ConfigurationSource
    /// What `${env.NAME}` yields.
    package let environment: [String: String]
    /// Prints findings with the lines they are about.
    package let printer: DiagnosticPrinter

    private static let bytesMax = 16 << 20

    /// Reads the files and the environment.
    ///
    /// Later files and documents are merged over earlier ones: maps deeply, lists of things with an `id` by their id,
    /// other lists are replaced.
    ///
    /// - Parameters:
    ///   - files: The files as named; empty takes the first standard name there is.
    ///   - environmentFiles: Files of `NAME=value` lines; empty takes `.env` where it is there. Later ones win.
    ///   - assignments: `NAME=value` pairs, which win over everything; the process's environment wins over files.
    ///   - diagnostics: Takes what cannot be read.
    package init(
        files: [String],
        environmentFiles: [String],
        assignments: [String],
        diagnostics: Diagnostics
    ) {
        var printer = DiagnosticPrinter()
        environment = Self.environment(environmentFiles, assignments, diagnostics)
        var texts: [ConfigurationSource.File] = []
        for file in Self.named(files, diagnostics) {
            guard let bytes = Self.read(file, diagnostics) else { continue }
            printer.addSource(bytes, file: file)
            texts.append(ConfigurationSource.File(name: file, text: bytes))
        }
        source = ConfigurationSource(files: texts, environment: environment)
        document = Self.content(source.document(diagnostics), of: texts, diagnostics)
        self.printer = printer
    }

    /// Reads the environment alone, for what needs no configuration.
    package init(
        environmentFiles: [String],
        assignments: [String],
        diagnostics: Diagnostics
    ) {
        environment = Self.environment(environmentFiles, assignments, diagnostics)
        document = nil
        source = ConfigurationSource(files: [], environment: environment)
        printer = DiagnosticPrinter()
    }

    /// A document that says something; nil, and an error for every file, where none does.
    private static func content(
        _ document: Node?,
        of files: [ConfigurationSource.File],
        _ diagnostics: Diagnostics
    ) -> Node? {
        if let document, !document.isNull { return document }
        guard !diagnostics.hasErrors else { return nil }
        for file in files {
            diagnostics.error(
                "\(file.name) is empty",
                at: SourcePosition(file: file.name, line: 1, column: 1)
            )
        }
        return nil
    }

    private static func named(_ files: [String], _ diagnostics: Diagnostics) -> [String] {
        guard files.isEmpty else { return files }
        if let found = standardNames.first(where: FileText.exists) { return [found] }
        diagnostics.error(
            "no configuration here (\(standardNames.joined(separator: ", "))); name one with -f FILE",
            at: .nowhere
        )
        return []
    }

    private static func read(_ file: String, _ diagnostics: Diagnostics) -> [UInt8]? {
        do throws(FileError) {
            return try FileText.read(file, bytesMax: bytesMax)
        } catch {
            let reason =
                error.isMissing
                ? "no such file" : error.reason.prefix(1).lowercased() + error.reason.dropFirst()
            diagnostics.error("cannot read \(file): \(reason)", at: .nowhere)
            return nil
        }
    }

    private static func environment(
        _ files: [String],
        _ assignments: [String],
        _ diagnostics: Diagnostics
    ) -> [String: String] {
        var variables: [String: String] = [:]
        let taken = files.isEmpty ? [".env"].filter(FileText.exists) : files
        for file in taken {
            guard let bytes = read(file, diagnostics) else { continue }
            let parsed = EnvironmentText.parse(bytes, file: file, diagnostics: diagnostics)
            variables.merge(parsed) { $1 }
        }
        variables.merge(ProcessState.environment()) { $1 }
        for assignment in assignments {
            guard let equals = assignment.firstIndex(of: "="), equals != assignment.startIndex
            else {
                diagnostics.error(
                    "-e wants NAME=value, and there is no name or no `=`",
                    at: .nowhere
                )
                continue
            }
            variables[String(assignment[..<equals])] = String(
                assignment[assignment.index(after: equals)...]
            )
        }
        return variables
    }
}
