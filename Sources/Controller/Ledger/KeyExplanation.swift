internal import JSONWire
internal import Journal
internal import Primitives
internal import Rendezvous
internal import Runs
internal import Store
internal import Workflows

/// Everything known about one key, with a sentence that says why it did or did not match.
struct KeyExplanation: Sendable {
    /// The key.
    let key: [UInt8]
    /// What the store knows of it.
    let story: KeyHistory
    /// What channels are called.
    let channels: KeyChannels
    /// The open waits.
    var waits: [Wait] = []
    /// The keys that are waited for and look like it, where nobody waits for it.
    var nearest: [NearestKeys.Found] = []
    /// Why what came last may be missing; nil where it is not.
    var behind: String?
    /// The name of the only channel that was looked at; nil where all were.
    var onlyChannel: String?
    /// Callbacks that are held on the channels of its waits, under other keys.
    var othersHeld = OthersHeld()
    /// Requests that are not found by a key, where none was found by this one.
    var unread = UnreadRequests()

    /// Callbacks held under other keys.
    struct OthersHeld: Sendable {
        /// How many there are.
        var count = 0
        /// The keys of the newest, oldest first.
        var newest: [[UInt8]] = []
        /// Those that look most like the key.
        var nearest: [[UInt8]] = []
    }

    /// An open wait with what its run tells of it.
    struct Wait: Sendable {
        let wait: StoredWait
        /// The workflow; nil where the run could not be found.
        let workflow: String?
        /// The step that waits.
        let step: String?
        /// Since when, where the run's history still tells.
        let since: WallTime?

        /// Finds a wait in its run.
        init(_ wait: StoredWait, _ run: RunActor?) {
            self.wait = wait
            workflow = run?.workflowID
            let attempt = AttemptRef(wait.id)
            let step = run?.view.waiting.first { $0.attempt == attempt }?.step
            self.step = step
            since =
                run?.history(after: 0).rest.notes.last {
                    $0.kind == .waiting && $0.step == step && Int($0.attempt) == attempt.attempt
                }?.time
        }
    }

    init(key: [UInt8], story: KeyHistory, channels: KeyChannels) {
        self.key = key
        self.story = story
        self.channels = channels
    }

    /// The explanation as JSON.
    var json: JSONValue {
        var object: JSONObject = [
            "key": LedgerReport.text(key), "explanation": .string(sentence),
            "waits": .array(waits.map(json)), "held": .array(story.held.map(json)),
            "marks": .array(story.marks.map(json)),
            "requests": .array(story.requests.map(LedgerReport.line)),
        ]
        if let behind { object["behind"] = .string(behind) }
        if story.hasMoreRequests { object["more_requests"] = .bool(true) }
        if story.waits.isEmpty {
            object["nearest_keys"] = .array(nearest.map(LedgerReport.nearestKey))
        }
        return .object(object)
    }

    private func json(_ wait: Wait) -> JSONValue {
        var object: JSONObject = ["task_id": .string(wait.wait.id.run.text)]
        if let workflow = wait.workflow { object["workflow_id"] = .string(workflow) }
        if let step = wait.step { object["step"] = .string(step) }
        object["attempt"] = .integer(Int64(wait.wait.id.attempt))
        if let since = wait.since { object["since"] = .string(since.rfc3339) }
        object["until"] = .string(wait.wait.deadline.rfc3339)
        object["channels"] = .array(channelNames(wait.wait).map(JSONValue.string))
        return .object(object)
    }

    private func json(_ held: StoredHeld) -> JSONValue {
        var object: JSONObject = [
            "request_id": .string(held.arrival.callback.requestID.text),
            "time": .string(held.arrival.time.rfc3339), "until": .string(held.until.rfc3339),
            "endpoint": .string(held.arrival.endpoint),
            "channel": .string(channels.name(of: held.arrival.callback.key.channel)),
            "journal_number": .integer(Int64(clamping: held.number)),
        ]
        if let status = held.arrival.callback.statusText { object["status"] = .string(status) }
        return .object(object)
    }

    private func json(_ mark: StoredMark) -> JSONValue {
        .object([
            "ended": .string(mark.how.word), "time": .string(mark.time.rfc3339),
            "until": .string(mark.until.rfc3339), "task_id": .string(mark.wait.run.text),
            "channel": .string(channels.name(of: mark.key.channel)),
            "reuse_keys": .bool(mark.reusesKey),
            "journal_number": .integer(Int64(clamping: mark.number)),
        ])
    }

    /// The channels on which a wait listens for this key.
    func channelNames(_ wait: StoredWait) -> [String] {
        var names: [String] = []
        for name in wait.keys.filter({ $0.bytes == key }).map({ channels.name(of: $0.channel) })
        where !names.contains(name) {
            names.append(name)
        }
        return names
    }
}

extension EndedHow {
    /// The word for it.
    fileprivate var word: String {
        switch self {
        case .answered: "answered"
        case .cancelled: "cancelled"
        case .timedOut: "timed_out"
        }
    }
}
