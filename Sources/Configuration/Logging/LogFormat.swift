internal import JSONWire
package import Primitives

/// How a log line looks.
package enum LogFormat: String, Sendable, CaseIterable {
    /// `2026-11-21T10:00:00.001Z info  Run started task_id=… workflow=…`, for people.
    case text
    /// One JSON object a line: `time`, `level`, `message` and the fields.
    case json

    /// Appends a record as one line, with its line feed; line feeds inside values are escaped.
    package func append(_ record: LogRecord, to line: inout [UInt8]) {
        switch self {
        case .text: appendText(record, to: &line)
        case .json: appendJSON(record, to: &line)
        }
        line.append(UInt8(ascii: "\n"))
    }

    private func appendText(_ record: LogRecord, to line: inout [UInt8]) {
        line += Array(record.time.rfc3339.utf8)
        line.append(UInt8(ascii: " "))
        line += Array(record.level.name.utf8)
        line += repeatElement(UInt8(ascii: " "), count: 8 - record.level.name.utf8.count)
        Self.appendEscaped(record.message, to: &line)
        for field in record.fields {
            line += Array(" \(field.name)=".utf8)
            if Self.isPlain(field.value) {
                line += Array(field.value.utf8)
            } else {
                var quoted: [UInt8] = []
                JSONWriter.append(field.value, to: &quoted)
                Self.appendEscaped(String(decoding: quoted, as: UTF8.self), to: &line)
            }
        }
    }

    private func appendJSON(_ record: LogRecord, to line: inout [UInt8]) {
        var object = JSONObject()
        object["time"] = .string(record.time.rfc3339)
        object["level"] = .string(record.level.name)
        object["message"] = .string(record.message)
        for field in record.fields { object[field.name] = Self.value(field) }
        JSONValue.object(object).appendJSON(to: &line)
    }

    private static func value(_ field: LogRecord.Field) -> JSONValue {
        guard field.isNumber, let number = Int64(field.value) else { return .string(field.value) }
        return .integer(number)
    }

    private static func isPlain(_ value: String) -> Bool {
        !value.isEmpty
            && value.unicodeScalars.allSatisfy {
                $0.value > 0x20 && $0 != "\"" && !TerminalText.isUnsafe($0)
            }
    }

    /// Appends a text as part of the line: nothing in it steers a terminal.
    private static func appendEscaped(_ text: String, to line: inout [UInt8]) {
        for byte in TerminalText.block(text).utf8 {
            line.append(byte < 0x20 ? UInt8(ascii: " ") : byte)
        }
    }
}
