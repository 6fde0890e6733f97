internal import Documents
internal import Primitives

/// One step as a dialect has read it.
struct StepDraft {
    /// The id, unique in its workflow; of a step inside another that of the outer one.
    let id: String
    /// The type as written, for people.
    var type: String
    let position: SourcePosition
    /// Where its value begins, which is behind its key where it has one.
    let valuePosition: SourcePosition
    /// The path of keys down to it.
    let keyPath: String
    var input: Written?
    var output: Written?
    var timeout: Nanoseconds?
    var runCountMax = 25
    var retry = RetryDraft()
    var before: InterruptDraft?
    var after: InterruptDraft?
    /// The steps it waits for: all groups, of each group one.
    var dependencies: [[WrittenName]] = []
    var work = WorkDraft.nothing([])
    var onError = OnErrorDraft.fail
}

/// The tries of a step: how many, and when.
struct RetryDraft {
    /// All but the condition.
    var policy = RetryPolicy.none
    /// The condition under which it is tried again at all.
    var condition: Written?
}

/// A question to a person.
struct InterruptDraft {
    var condition: Written?
    var message: Written?
    var metadata: Written?
}

/// The consequence of a step that has failed for good.
enum OnErrorDraft {
    case fail
    /// The step ends with this output, null where there is none.
    case output(Written?)
    /// Another step runs instead of those that depend on it; nil where no name can be read.
    case route(WrittenName?, output: Written?)
    /// These steps run one after another.
    case steps([StepDraft])
}
