internal import Documents

/// Reads `respond` of an endpoint: what its success answers are instead of the usual.
enum RespondReader {
    /// The statuses that say success.
    static let statuses = 200...299

    /// The status that is named; nil where none is.
    static func status(_ reader: inout SettingsReader) -> Int? {
        guard reader.node("respond") != nil, var respond = reader.map("respond") else {
            return nil
        }
        for entry in respond.entries where entry.key != "status" && !entry.key.hasPrefix("x-") {
            respond.note(entry.key)
            reader.diagnostics.error(
                "`respond` takes `status` alone: headers, body and waiting come later",
                at: entry.keyPosition,
                keyPath: respond.path(entry.key)
            )
        }
        if !respond.has("status") {
            respond.missing("status", expected: "the status of success answers, 200 to 299")
        }
        let status = respond.integer("status", in: statuses)
        respond.finish()
        return status
    }
}
