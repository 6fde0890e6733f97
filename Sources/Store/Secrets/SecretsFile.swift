internal import Platform
internal import Primitives

/// The file `secrets` beside log and database: what is in the log cannot be understood without them, so they must not go with
/// the database.
struct SecretsFile {
    /// Where it lies.
    let path: String

    /// What is in it.
    enum Content: Equatable {
        case missing
        case sound(StoreSecrets)
        /// Why it cannot be read.
        case damaged(String)
    }

    private static let heading = "sluice-store-secrets 1"
    private static let bytesMax = 4096

    /// The file of a store's directory.
    init(directory: String) {
        path = directory + "/secrets"
    }

    /// Reads it.
    func read() -> Content {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try FileText.read(path, bytesMax: Self.bytesMax)
        } catch {
            return error.isMissing ? .missing : .damaged(error.reason)
        }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        guard lines.count == 4, lines[0] == Self.heading,
            let fingerprint = Self.key("fingerprint", lines[1]),
            let mask = Self.key("mask", lines[2])
        else { return .damaged("it is not a file of secrets") }
        let secrets = StoreSecrets(fingerprintKey: fingerprint, maskKey: mask)
        guard Self.text(secrets) == String(decoding: bytes, as: UTF8.self) else {
            return .damaged("its checksum is wrong")
        }
        return .sound(secrets)
    }

    /// Writes it, for its owner only.
    ///
    /// - Throws: `io` where the system refuses.
    func write(_ secrets: StoreSecrets) throws(StoreError) {
        do throws(FileError) {
            try DurableFile.write(Array(Self.text(secrets).utf8), to: path)
        } catch {
            throw StoreError(.io, "\(error.path): \(error.reason)")
        }
    }

    private static func text(_ secrets: StoreSecrets) -> String {
        let lines = """
            \(heading)
            fingerprint \(hex(secrets.fingerprintKey.0)) \(hex(secrets.fingerprintKey.1))
            mask \(hex(secrets.maskKey.0)) \(hex(secrets.maskKey.1))

            """
        let crc = CRC32C.extend(0, Array(lines.utf8).span)
        return lines + "crc32c \(String(crc, radix: 16))\n"
    }

    private static func hex(_ word: UInt64) -> String {
        let digits = String(word, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private static func key(_ name: String, _ line: Substring) -> (UInt64, UInt64)? {
        let words = line.split(separator: " ")
        guard words.count == 3, words[0] == name, let high = UInt64(words[1], radix: 16),
            let low = UInt64(words[2], radix: 16)
        else { return nil }
        return (high, low)
    }
}
