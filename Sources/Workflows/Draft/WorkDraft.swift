internal import Documents
internal import Primitives

/// The work of a step.
indirect enum WorkDraft {
    /// Nothing, because it was refused; the steps inside of it are checked all the same.
    case nothing([StepDraft])
    case call(CallDraft)
    case wait(WaitDraft)
    case delay(DelayDraft)
    case choose([ChoiceDraft], otherwise: WrittenName?)
    /// A router that draws lots, with a weight each; a way is nil where no name can be read.
    case random([(to: WrittenName?, weight: Double)])
    /// Keeps the items for which a condition holds; all without one.
    case filter(Written?)
    case each(body: StepDraft, parallelMax: Int, collectsFailures: Bool)
    case loop(body: StepDraft, condition: Written, goesOnWhenTrue: Bool, iterationsMax: Int)
    case fold(body: StepDraft, start: Written?)
    case pipeline([StepDraft])
    /// Hands its input on under several names.
    case fanOut([String])
}

/// A call of a component.
struct CallDraft {
    /// The component that is called.
    enum Component {
        /// One that is declared or built in.
        case named(WrittenName)
        /// The only one, or the one that is marked as the default.
        case unnamed
        /// One that is written in the step.
        case inline(ConfigEntry)
        /// None that can be read; it was refused.
        case refused
    }

    let component: Component
    /// The action; `__default__` where none is named.
    let action: WrittenName
    /// How often it is called at once; nil for once.
    let count: Written?
}

/// A wait for a key, without a request.
struct WaitDraft {
    /// The key; nil where there is none, which was refused.
    let key: Written?
    let timeout: Nanoseconds?
    let channel: ChannelDraft
}

/// Where a callback is awaited: by a channel's or an endpoint's name, or on all of the standard channel.
struct ChannelDraft {
    let channel: WrittenName?
    let endpoint: WrittenName?
}

/// A pause.
enum DelayDraft {
    /// A duration.
    case interval(Written)
    /// A moment, and the zone of one that names none.
    case until(Written, zone: Written?)
}

/// One case of a router.
struct ChoiceDraft {
    let condition: Written
    let whenTrue: WrittenName?
    let whenFalse: WrittenName?
}
