internal import Expressions
package import HTTPEngine
internal import JSONWire
internal import Primitives

/// What tells of a request, or of an item of a bulk request, whether it came before (`deduplicate_by`).
package struct Deduplication: Sendable {
    /// The ways to name it, each of one part or several; the first of which no part is missing counts.
    let ways: [[Template]]

    /// Every expression it is made of.
    var templates: [Template] { ways.flatMap(\.self) }

    /// What names the request; nil where no way has all its parts, or one was not readable as text (it has U+FFFD, so that
    /// two values could be one): then the request's bytes stand for it.
    ///
    /// It begins with a zero, so that no body can pass as one, and each part stands behind its length, so that no two
    /// splits are the same.
    ///
    /// - Throws: 422 where an expression fails.
    package func identity(_ scope: ListenerScope) throws(Problem) -> [UInt8]? {
        do throws(EvaluationError) {
            for way in ways {
                if let identity = try Self.identity(way, scope) { return identity }
            }
            return nil
        } catch {
            throw Problem(failed: error)
        }
    }

    private static func identity(
        _ way: [Template],
        _ scope: ListenerScope
    ) throws(EvaluationError) -> [UInt8]? {
        var identity: [UInt8] = [0]
        for template in way {
            let value = try template.evaluate(scope)
            let text = value.isNull ? "" : TextForm.text(of: value)
            guard !text.isEmpty, !text.unicodeScalars.contains("\u{FFFD}") else { return nil }
            if way.count > 1 { identity += "\(text.utf8.count):".utf8 }
            identity += text.utf8
        }
        return identity
    }
}
