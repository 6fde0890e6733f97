internal import Configuration
internal import Documents
internal import Listeners

/// Where a callback or trigger is sent.
struct SendTarget {
    /// The URL.
    let url: String
    /// The endpoint's method.
    let method: String

    /// Finds what a word means: a URL, or an endpoint of the configuration by its path or id.
    init(
        _ word: String,
        _ arguments: Arguments,
        isTrigger: Bool
    ) throws(Arguments.Mistake) {
        if word.hasPrefix("http://") || word.hasPrefix("https://") {
            url = word
            method = "POST"
            return
        }
        guard let configuration = ConfigurationLoading.quietly(arguments) else {
            throw Arguments.Mistake(
                message: "`\(word)` is not a URL, and there is no configuration whose endpoint it "
                    + "could be; name one with -f FILE"
            )
        }
        let kind = isTrigger ? "trigger" : "callback"
        let all = configuration.listeners.flatMap(\.addresses).filter { $0.isTrigger == isTrigger }
        let named = all.first { $0.path == word || $0.id == word }
        if let named, named.hasParameters {
            throw Arguments.Mistake(
                message:
                    "the path \(named.path) has parameters: name the path to send to, with what "
                    + "stands for them"
            )
        }
        guard let found = named ?? all.first(where: { $0.takes(word) }) else {
            let names = all.flatMap { [$0.path] + ($0.id.map { [$0] } ?? []) }
            let near = NearestName.suggest(word, among: names)
            let known =
                names.isEmpty ? "it has none" : "there are \(names.joined(separator: ", "))"
            throw Arguments.Mistake(
                message: "the configuration has no \(kind) endpoint `\(word)`; "
                    + (near.map { "did you mean `\($0)`?" } ?? known)
            )
        }
        let target = named == nil ? word : found.path
        url = "http://\(LocalAddress.host(found.host)):\(found.port)\(target)"
        method = found.method
    }
}
