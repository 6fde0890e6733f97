internal import JSONWire
internal import Primitives

/// One step of one run: small, because a waiting run is made of them.
struct StepInstance: Sendable {
    /// What a step that is under way is busy with.
    enum Stage: UInt8, Sendable {
        case idle
        /// A person is asked before the step begins.
        case askedBefore
        /// A call is in flight; a wait may be open beside it.
        case calling
        /// The call has ended, or there was none; a callback is awaited.
        case awaiting
        /// Between two tries.
        case pausing
        case delaying
        case child
        /// Instances of its body are under way.
        case items
        /// Between two polls.
        case polling
        /// A poll is in flight.
        case pollCalling
        /// The steps of its `on_error` are under way.
        case handling
        /// A person is asked before the step ends.
        case askedAfter
    }

    /// The plan step.
    var plan: Int32
    /// The instance that it belongs to: of a body or a handler; -1 for top-level steps.
    var parent: Int32 = -1
    /// The index of its item or iteration; -1 for none.
    var item: Int32 = -1
    /// All tries ever, of all starts: what an ``AttemptRef`` carries.
    var serial: Int32 = 0
    /// The tries of the present start.
    var tries: Int32 = 0
    /// How often it was started.
    var starts: Int32 = 0
    var status: StepStatus = .pending
    var stage: Stage = .idle
    /// Whether a person's answer replaced the input.
    var isInputGiven = false
    /// When the step began, in milliseconds after the run's id was made, plus one.
    ///
    /// 0 where it has not, the largest value where it did so later than fits (49 days). It lies where alignment leaves room.
    var began: UInt32 = 0
    /// When the present try began; once the step is over, when it ended.
    var startedAt = WallTime(milliseconds: 0)
    /// The present try's id: `${context.run_id}`.
    var attemptID: UUIDv7?
    var input: JSONValue = .null
    var output: JSONValue = .null
    var detail: StepDetail?

    /// Whether it has a wait that nothing has ended.
    var hasOpenWait: Bool {
        if case .wait(let wait)? = detail { wait.isOpen } else { false }
    }
}

/// What only some steps need, out of line.
indirect enum StepDetail: Sendable {
    case wait(PendingWait)
    case items(ItemsUnderway)
    case loop(LoopUnderway)
    case fold(SeriesUnderway)
    case pipeline(SeriesUnderway)
    case polling(PollingUnderway)
    /// The failure that the steps of `on_error` handle.
    case failure(StepFailure)

    /// The response that a wait keeps; null for none.
    var response: JSONValue {
        if case .wait(let wait) = self { wait.response } else { .null }
    }

    /// What HTTP said of that response; nil for none.
    var head: AnswerHead? {
        if case .wait(let wait) = self { wait.head } else { nil }
    }

    /// The items of an accumulation or the steps of a pipeline; nil for anything else.
    var series: SeriesUnderway? {
        switch self {
        case .fold(let underway), .pipeline(let underway): underway
        default: nil
        }
    }

    /// The bytes of the values it keeps, about.
    var weight: Int {
        switch self {
        case .wait(let wait):
            Weight.of(wait.response) + Weight.of(wait.head)
                + (wait.callback.map { Weight.of($0.result) } ?? 0)
        case .items(let items): items.weight
        case .loop(let loop): Weight.of(loop.value)
        case .fold(let series): Weight.of(.array(series.list)) + Weight.of(series.value)
        case .pipeline(let series): Weight.of(series.value)
        case .polling(let polling): Weight.of(polling.response)
        case .failure: 0
        }
    }
}

/// A wait of a step, from its registration to the end of the try.
struct PendingWait: Sendable {
    var keys: [[UInt8]]
    var deadline: WallTime
    /// Whether the table still has it.
    var isOpen: Bool
    /// Whether the deadline is that of the whole try, and not of the wait alone.
    var boundsTry: Bool
    /// Whether the request carried one of the keys, where the wait began before it.
    var isKeySent = false
    /// The response, once it is there and where the output needs it.
    var response: JSONValue = .null
    /// What HTTP said of it, where the output needs it.
    var head: AnswerHead?
    /// The callback, when it came before the response.
    var callback: CallbackOutcome?
}

/// The items of a for-each step.
struct ItemsUnderway: Sendable {
    /// The items; empty where the step only counts.
    var list: [JSONValue]
    var total: Int
    var results: [JSONValue]
    var next = 0
    var busy = 0
    /// How many items failed and were collected as failures (`continue_on_error`).
    var failedCount = 0
}

/// The iterations of a loop step.
struct LoopUnderway: Sendable {
    var value: JSONValue
    var iterations = 0
}

/// The items of an accumulation, or the steps of a pipeline: one after another, each with what the one before it yielded.
struct SeriesUnderway: Sendable {
    /// The items of an accumulation; empty for a pipeline.
    var list: [JSONValue] = []
    /// What an accumulation begins with or the pipeline's input, then what the last one yielded.
    var value: JSONValue
    /// The number of the item or step that is under way.
    var index = 0
}

/// The polls of a step.
struct PollingUnderway: Sendable {
    var call: any ComponentCall
    var response: JSONValue
    var until: WallTime
}
