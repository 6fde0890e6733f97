import Primitives

/// What requests a drive sends, how, and what it makes of their answers; the same for all loops.
struct Assignment: Sendable {
    /// What an answer's body is looked at for.
    enum Reading: Sendable {
        /// The status alone.
        case status
        /// Whether one callback was delivered or held.
        case callback
        /// How many callbacks of a body were.
        case bulk
        /// The id of the run that was started.
        case trigger
        /// Whether a run has completed, with its own key in its output where there are keys; the ids, 36 bytes each, and the
        /// number of each run's key.
        case task(ids: [UInt8], keys: [Int]?, tag: String)
    }

    let template: RequestTemplate
    let reading: Reading
    let connections: Int
    let pipeline: Int
    let threads: Int
    /// Whether each connection carries one request.
    let isChurn: Bool
    /// How many requests at most.
    let countMax: Int
    /// The number of the first key.
    let first: Int
    let duration: Nanoseconds?
    /// Requests per second in an open loop; nil for a closed one.
    let rate: Int?
    let timeout: Nanoseconds

    /// The measured part of a plan.
    init(_ plan: LoadPlan) {
        let isChurn = plan.scenario == .churn
        template =
            plan.scenario == .trigger
            ? RequestTemplate(trigger: plan) : RequestTemplate(callbacks: plan, closes: isChurn)
        reading =
            switch plan.scenario {
            case .callback, .churn: .callback
            case .bulk: .bulk
            case .trigger: plan.controller == nil ? .status : .trigger
            case .prepare: .status
            }
        connections = plan.connections
        pipeline = plan.pipeline
        threads = plan.threads
        self.isChurn = isChurn
        countMax = plan.countMax
        first = plan.first
        duration = plan.duration
        rate = plan.rate
        timeout = plan.timeout
    }

    /// Looks at runs through the controller.
    init(tasks ids: [UInt8], keys: [Int]?, tag: String, at controller: Target, token: String?) {
        template = RequestTemplate(task: controller, token: token)
        reading = .task(ids: ids, keys: keys, tag: tag)
        connections = 8
        pipeline = 16
        threads = 1
        isChurn = false
        countMax = ids.count / 36
        first = 0
        duration = nil
        rate = nil
        timeout = .seconds(60)
    }
}
