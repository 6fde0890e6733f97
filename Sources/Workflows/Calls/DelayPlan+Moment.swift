internal import Documents
internal import Expressions
internal import JSONWire
internal import Primitives

extension DelayPlan {
    /// What the pause is read from; nil where the input tells it.
    var template: Template? {
        switch self {
        case .interval(let template): template
        case .until(let template, _): template
        }
    }

    /// What an input tells about the pause: its `duration`, or all of it.
    static func told(by input: JSONValue) -> JSONValue {
        input["duration"] ?? input
    }

    /// What the value must be, for a message.
    var wanted: String {
        switch self {
        case .interval: "a duration such as 5m or 1h30m"
        case .until: "a time such as 2026-11-21T10:00:00Z"
        }
    }

    /// When the pause ends; nil where the value is neither.
    func moment(_ value: JSONValue, from now: WallTime) -> WallTime? {
        let text = TextForm.text(of: value)
        switch self {
        case .interval: return DurationText.parse(text).map { now.advanced(by: $0) }
        case .until(_, let offsetMinutes):
            return CalendarText.moment(text, offsetMinutes: offsetMinutes)
        }
    }
}
