/// What a callback says of the work it is about.
package enum Verdict: Sendable, Hashable {
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
        // Byte by byte, as the quick way compares: Swift's texts are equal where Unicode's canonical forms are.
        let isSame = { (word: String) in word.utf8.elementsEqual(status.utf8) }
        if let successWhen, successWhen.contains(where: isSame) {
            self = .success
        } else if let failWhen, failWhen.contains(where: isSame) {
            self = .failure
        } else {
            self = successWhen == nil ? .success : .progress
        }
    }
}
