internal import Documents
package import Primitives
internal import Security
internal import Workflows

/// The texts a configuration was made of, before the environment was put in: what a run needs to go on with the plan it
/// started with.
package struct ConfigurationSource: Sendable {
    /// One file.
    package struct File: Sendable {
        /// Its name, as it was given.
        let name: String
        /// Its text.
        let text: [UInt8]

        /// Names a text.
        package init(name: String, text: [UInt8]) {
            self.name = name
            self.text = text
        }
    }

    /// The files, in the order they are merged.
    let files: [File]
    /// What `${env.NAME}` yields.
    let environment: [String: String]
    /// The files as bytes.
    let bytes: [UInt8]
    /// What the bytes are known by.
    package let fingerprint: Fingerprint

    /// Puts files together.
    package init(files: [File], environment: [String: String]) {
        self.files = files
        self.environment = environment
        var writer = RecordWriter()
        writer.list(files) { out, file in
            out.text(file.name)
            out.blob(file.text)
        }
        bytes = writer.bytes
        let digest = Digest.of(writer.bytes, by: .sha256)
        fingerprint = Fingerprint(high: digest.span.word(at: 0), low: digest.span.word(at: 8))
    }

    /// Reads what ``bytes`` wrote; nil for bytes that are damaged.
    init?(bytes: [UInt8], environment: [String: String]) {
        var reader = RecordReader(bytes)
        do throws(RecordReader.Damage) {
            let files = try reader.list { (reader) throws(RecordReader.Damage) in
                let name = try reader.text()
                return File(name: name, text: try reader.blob())
            }
            self.init(files: files, environment: environment)
        } catch {
            return nil
        }
    }

    /// The merged document; nil where there is none.
    func document(_ diagnostics: Diagnostics) -> Node? {
        var merged: Node?
        for file in files {
            let documents = YAMLReader.read(file.text, file: file.name, diagnostics: diagnostics)
            for document in documents { merged = merged.map { $0.merging(document) } ?? document }
        }
        return merged
    }

    /// Compiles the workflows again; nil where the text is no configuration any more.
    func plans() -> PlanSet? {
        let diagnostics = Diagnostics()
        guard let document = document(diagnostics) else { return nil }
        let configuration = Configuration(
            document,
            environment: environment,
            isFragment: false,
            diagnostics: diagnostics
        )
        return diagnostics.hasErrors ? nil : configuration.plans
    }
}
