/// What a callback says of the work it is about.
enum Verdict: Sendable, Hashable {
    case success
    case failure
    /// Still working: the waiter stays.
    case progress

    /// Judges a status by the endpoint's lists.
    ///
    /// - Parameters:
    ///   - status: The status as text; nil where it is missing or null, which means success.
    ///   - successWhen: The statuses that mean success; nil where the key is not given.
    ///   - failWhen: The statuses that mean failure; nil where the key is not given.
    init(status: String?, successWhen: [String]?, failWhen: [String]?) {
        guard let status else {
            self = .success
            return
        }
        if let successWhen, successWhen.contains(status) {
            self = .success
        } else if let failWhen, failWhen.contains(status) {
            self = .failure
        } else {
            self = successWhen == nil ? .success : .progress
        }
    }
}
