internal import Documents
internal import HTTPEngine
internal import Listeners
internal import Primitives
internal import Workflows

/// Moments as the API's queries spell them.
enum MomentText {
    /// A time (RFC 3339), or how long ago it was, such as `10m`.
    ///
    /// - Parameters:
    ///   - text: The text of the query's member.
    ///   - name: The member's name, for the refusal.
    /// - Returns: The moment.
    /// - Throws: 422 for a text that is neither. A bare number is neither: it could be a year as well as seconds.
    static func read(_ text: String, _ name: String) throws(Problem) -> WallTime {
        if let moment = CalendarText.moment(text) { return moment }
        if let ago = DurationText.parse(text), Int(text) == nil {
            let now = WallTime.now().milliseconds
            return WallTime(milliseconds: now - min(now, ago.millisecondsRoundedUp))
        }
        throw BodyMap.invalid(
            "`\(name)` must be a time such as 2026-11-21T10:00:00Z, or how long ago it was, such as 10m."
        )
    }
}
