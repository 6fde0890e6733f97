internal import Platform
internal import Primitives
internal import Workflows

/// The time zones of this machine: each is read from its file when it is first named, and kept.
///
/// May be used on any thread.
final class TimeZoneCache: Sendable {
    private let folder: String
    private let zones = Lock<[String: TimeZone]>([:])

    /// Where Debian's tzdata puts them.
    private static let standardFolder = "/usr/share/zoneinfo"
    /// How large the list of names may be; it has about 110 KB.
    private static let listBytesMax = 4 << 20

    /// Makes a shelf of the zones below a folder.
    init(folder: String = TimeZoneCache.standardFolder) {
        self.folder = folder
    }

    /// The shelf as the workflows see it.
    var source: ZoneSource {
        ZoneSource(find: { [self] in find($0) }, names: { [self] in names() })
    }

    /// The zone with a name; nil where there is no such file, or it is none of a time zone.
    private func find(_ name: String) -> TimeZone? {
        if let zone = zones.withLock({ $0[name] }) { return zone }
        guard let bytes = read(name, bytesMax: TimeZone.fileBytesMax),
            let zone = TimeZone(file: bytes)
        else { return nil }
        zones.withLock { $0[name] = zone }
        return zone
    }

    /// The names of all zones and of their aliases, as the list beside the files has them.
    private func names() -> [String] {
        guard let bytes = read("tzdata.zi", bytesMax: Self.listBytesMax) else { return [] }
        return bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
            let words = line.split(separator: UInt8(ascii: " "))
            // `Z NAME …` begins a zone, `L ZONE ALIAS` gives it another name.
            let place = line.starts(with: "Z ".utf8) ? 1 : line.starts(with: "L ".utf8) ? 2 : nil
            guard let place, words.count > place else { return nil }
            return String(decoding: words[place], as: UTF8.self)
        }
    }

    private func read(_ name: String, bytesMax: Int) -> [UInt8]? {
        do throws(FileError) {
            return try FileText.read("\(folder)/\(name)", bytesMax: bytesMax)
        } catch {
            // What cannot be read is no zone; the plan builder says so where it is named.
            return nil
        }
    }
}
