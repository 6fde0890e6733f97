package import Primitives
internal import Security

/// The texts a configuration was made of, before the environment was put in: what a run needs to go on with the plan it
/// started with.
package struct ConfigurationSource: Sendable {
    /// One file.
    package struct File: Sendable {
        /// Its name, as it was given.
        package let name: String
        /// Its text.
        package let text: [UInt8]

        /// Names a text.
        package init(name: String, text: [UInt8]) {
            self.name = name
            self.text = text
        }
    }

    /// The files, in the order they are merged.
    package let files: [File]
    /// What `${env.NAME}` yields.
    package let environment: [String: String]
    /// The files as bytes.
    package let bytes: [UInt8]
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
    package init?(bytes: [UInt8], environment: [String: String]) {
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
}
