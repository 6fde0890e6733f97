internal import Documents
internal import Expressions
internal import Platform

/// Reads `secrets:`, the names of secrets and where each comes from: a file, a variable, or a credential of systemd.
enum SecretsReader {
    /// The keys of one secret.
    enum Keys {
        static let file = SettingKey<String?>.text(
            "file",
            "the file whose text it is, without its last line end"
        )
        static let environment = SettingKey<String?>.text(
            "env",
            "the environment variable that holds it"
        )
        static let credential = SettingKey<String?>.text(
            "credential",
            "the credential that systemd hands over (LoadCredential=)"
        )
        static let map = SettingMap("secret", [file, environment, credential])
    }

    /// How large a secret may be.
    static let bytesMax = 64 << 10

    /// Where systemd puts the credentials of a service.
    private static let credentialsVariable = "CREDENTIALS_DIRECTORY"

    /// Reads all secrets.
    ///
    /// One that cannot be read is told as a warning, in a fragment as a note; using it is the error.
    ///
    /// - Parameters:
    ///   - node: What stands under `secrets`; nil for nothing.
    ///   - environment: The variables that `env:` names.
    ///   - given: Values that stand for those of the configuration, which are then not read.
    ///   - isFragment: Whether what is absent is only noted.
    ///   - diagnostics: Takes the findings; none quotes a value.
    /// - Returns: The values by their names.
    static func read(
        _ node: Node?,
        environment: [String: String],
        given: [String: String]?,
        isFragment: Bool,
        diagnostics: Diagnostics
    ) -> [String: String] {
        var values: [String: String] = [:]
        if let node {
            let context = CompileContext(
                sources: .atLoad,
                environment: environment,
                unsetEnvironmentIsNote: isFragment
            )
            let reader = SettingsReader(
                node,
                keyPath: RootKeys.secrets.name,
                diagnostics: diagnostics,
                filling: context.filling
            )
            for entry in reader.entries {
                let one = reader.inner(entry.value, keyPath: reader.path(entry.key))
                switch value(one, environment) {
                case .success(let value): values[entry.key] = value
                case .failure(let absent) where given == nil:
                    report(absent.message, at: entry, reader, isFragment: isFragment)
                case .failure: break
                }
            }
        }
        return given ?? values
    }

    /// Why a secret has no value; empty where that is reported already.
    private struct Absent: Error {
        let message: String
    }

    private static func value(
        _ start: SettingsReader,
        _ environment: [String: String]
    ) -> Result<String, Absent> {
        var reader = start
        reader.accept(Keys.map)
        let file = reader.read(Keys.file)
        let variable = reader.read(Keys.environment)
        let credential = reader.read(Keys.credential)
        reader.finish()
        switch (file, variable, credential) {
        case (let file?, nil, nil): return text(ofFile: file)
        case (nil, let variable?, nil):
            guard let value = environment[variable] else {
                return .failure(
                    Absent(message: "the environment variable `\(variable)` is not set")
                )
            }
            return .success(value)
        case (nil, nil, let credential?): return text(ofCredential: credential, environment)
        default:
            return .failure(
                Absent(message: "expected one of `file: PATH`, `env: NAME`, `credential: NAME`")
            )
        }
    }

    private static func text(
        ofCredential name: String,
        _ environment: [String: String]
    ) -> Result<String, Absent> {
        guard let folder = environment[credentialsVariable] else {
            return .failure(
                Absent(
                    message: "no credentials were handed over: \(credentialsVariable) is not set; "
                        + "systemd sets it with LoadCredential=\(name):PATH"
                )
            )
        }
        guard !name.contains("/"), name != "..", name != "." else {
            return .failure(Absent(message: "a credential is a name and no path"))
        }
        return text(ofFile: "\(folder)/\(name)")
    }

    /// A file's text without the one line end that editors put there.
    private static func text(ofFile path: String) -> Result<String, Absent> {
        var bytes: [UInt8]
        do throws(FileError) {
            bytes = try FileText.read(path, bytesMax: bytesMax)
        } catch {
            return .failure(Absent(message: "\(path) cannot be read: \(error.reason)"))
        }
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return .failure(Absent(message: "\(path) is not UTF-8"))
        }
        guard !text.isEmpty else { return .failure(Absent(message: "\(path) is empty")) }
        return .success(text)
    }

    private static func report(
        _ message: String,
        at entry: Node.Entry,
        _ reader: SettingsReader,
        isFragment: Bool
    ) {
        reader.diagnostics.report(
            Diagnostic(
                isFragment ? .note : .warning,
                at: entry.keyPosition,
                keyPath: reader.path(entry.key),
                message: "this secret has no value: \(message)",
                noteKind: isFragment ? .absent : nil
            )
        )
    }
}
