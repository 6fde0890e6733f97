internal import Documents

/// Reads `respond` of an endpoint: what its success answers are instead of the usual.
enum RespondReader {
    /// The statuses that say success.
    static let statuses = 200...299

    /// The keys of the block.
    static let statusKey = SettingKey<Int?>.integer(
        "status",
        in: statuses,
        "the status of every success answer, 200 to 299"
    ).required.example("202")
    static let map: SettingMap = SettingMap("respond", [statusKey])

    /// The status that is named; nil where none is.
    static func status(_ reader: inout SettingsReader) -> Int? {
        guard var respond = reader.map(EndpointKeys.respond) else { return nil }
        respond.accept(map)
        for entry in respond.entries where entry.key != statusKey.name && !entry.key.hasPrefix("x-")
        {
            respond.note(entry.key)
            reader.diagnostics.error(
                "`respond` takes `status` alone: headers, body and waiting come later",
                at: entry.keyPosition,
                keyPath: respond.path(entry.key)
            )
        }
        if !respond.has(statusKey) {
            respond.missing(statusKey.name, expected: "the status of success answers, 200 to 299")
        }
        let status = respond.read(statusKey)
        respond.finish()
        return status
    }
}
