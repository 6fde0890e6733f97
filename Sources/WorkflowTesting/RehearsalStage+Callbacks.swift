internal import Configuration
internal import Documents
internal import Expressions
internal import HTTPEngine
internal import HTTPWire
internal import JSONWire
internal import Journal
internal import Listeners
internal import Primitives
internal import Rendezvous
internal import Workflows

extension RehearsalStage {
    /// The numbers of channels.
    enum Channels {
        /// The default channel's.
        static let standard = Channel.standard.number
    }

    /// A recorded callback comes in: it is read by its endpoint, and matched.
    mutating func arrive(_ callback: RehearsalScript.Callback, _ cause: ListenerScope) {
        let sent: SentCallback
        do throws(EvaluationError) {
            sent = try SentCallback(callback, cause)
        } catch {
            return refuse(callback, error.description)
        }
        guard let endpoint = endpoint(callback, sent) else { return }
        guard let facts = facts(of: sent, by: callback, to: endpoint) else { return }
        let scope = ListenerScope(
            body: .value(sent.body),
            item: .value(sent.body),
            facts: facts,
            gateways: GatewaySettings.values(configuration.gateways)
        )
        do throws(Problem) {
            let named = try scope.item(named: endpoint.item)
            let items = endpoint.isBulk ? try named.items(max: endpoint.itemsMax) : [named]
            for item in items {
                let one = ListenerScope(
                    body: scope.body,
                    item: item,
                    facts: scope.facts,
                    gateways: scope.gateways
                )
                let reading = try Callback(one, endpoint: endpoint)
                let identity = try endpoint.deduplication?.identity(one)
                let print = Self.print(
                    reading.keyBytes,
                    identity,
                    endpoint.isBulk ? item : scope.body,
                    facts,
                    endpoint
                )
                take(reading, print, endpoint)
            }
        } catch {
            refuse(callback, "\(error.code.rawValue): \(error.detail)")
        }
    }

    /// What a callback carries beside its body; nil where that cannot be told, which is reported.
    private mutating func facts(
        of sent: SentCallback,
        by callback: RehearsalScript.Callback,
        to endpoint: CallbackEndpoint
    ) -> RequestFacts? {
        let path = sent.path ?? Array(endpoint.path.utf8)
        guard sent.path != nil || endpoint.pattern.parameters.isEmpty else {
            refuse(
                callback,
                "`path` or `url` must say what stands for the parameters of \(endpoint.path)"
            )
            return nil
        }
        guard endpoint.pattern.takes(sentPath: path, of: endpoint.path) else {
            let text = String(decoding: path, as: UTF8.self)
            refuse(callback, "\(text) is not a path of \(endpoint.path)")
            return nil
        }
        let parameters = endpoint.pattern.values(inSentPath: path)
        let pairs = sent.query.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
        return RequestFacts(
            method: endpoint.methodNames,
            path: PathText.decoded(path),
            parameters: parameters,
            query: sent.query,
            headers: sent.headers,
            time: now,
            carried: CarriedParts(
                query: Array(pairs.utf8),
                parameters: parameters,
                headers: sent.headers.map { ($0.name.lowercased(), Array($0.value.utf8)) },
                counted: endpoint.countedHeaders
            )
        )
    }

    /// What makes a callback the same one, as the server has it.
    private static func print(
        _ key: [UInt8],
        _ identity: [UInt8]?,
        _ item: ListenerScope.Tree,
        _ facts: RequestFacts,
        _ endpoint: CallbackEndpoint
    ) -> Fingerprint {
        let hash = FoldHash(key: (0x51_CE, 0x7E57))
        let channel = endpoint.channel.number
        if let identity { return hash.hash(channel, key.span, identity.span) }
        let print = item.withJSONBytes { hash.hash(channel, key.span, $0) }
        guard facts.isCarrying else { return print }
        return CallbackMatcher.print(print, with: facts.carried, channel, hash)
    }

    private mutating func take(
        _ reading: Callback,
        _ print: Fingerprint,
        _ endpoint: CallbackEndpoint
    ) {
        let keyBytes = reading.keyBytes
        let key = String(decoding: keyBytes, as: UTF8.self)
        let name = "callback on \(endpoint.path) with the key \(key)"
        guard reading.verdict != .progress else {
            return tell("\(name): still working (\(reading.status ?? ""))")
        }
        let channel = endpoint.channel.number
        let isKnown =
            held.contains { $0.print == print && $0.channel == channel && $0.key == keyBytes }
            || marks.contains { mark in
                mark.print == print && mark.channel == channel && mark.key == keyBytes
            }
        if isKnown { return tell("\(name): the same came before, a duplicate") }
        let outcome = CallbackRecord(
            key: WaitKey(channel: endpoint.channel, bytes: reading.keyBytes),
            status: reading.status,
            result: reading.result,
            hasFailed: reading.verdict == .failure,
            requestID: UUIDv7(time: now, random: (2, 2))
        ).outcome
        let place = waits.firstIndex { wait in
            wait.keys.contains { $0.channel == channel && $0.bytes == reading.keyBytes }
        }
        if let place {
            let wait = waits.remove(at: place)
            remember(wait, .answered, by: print, isReusable: endpoint.reusesKeys)
            tell("\(name): resumed \(stepName(wait.attempt, of: wait.run))")
            return plan(.event(wait.run, .callback(wait.attempt, outcome)))
        }
        let end = marks.last {
            !$0.isReusable && $0.channel == channel && $0.key == reading.keyBytes
        }
        if let end, !endpoint.reusesKeys {
            return differs("\(name) is refused: \(end.how.code.rawValue): \(end.how.sentence)")
        }
        if endpoint.rejectsUnmatched {
            return differs("\(name) is refused: no run waits for its key")
        }
        held.append(
            Held(
                channel: channel,
                key: reading.keyBytes,
                print: print,
                isReusable: endpoint.reusesKeys,
                outcome: outcome
            )
        )
        tell("\(name): held, no run waits for it yet")
    }

    /// The endpoint that is meant: the one named, the one at the callback's path, or the only one.
    private mutating func endpoint(
        _ callback: RehearsalScript.Callback,
        _ sent: SentCallback
    ) -> CallbackEndpoint? {
        let all = configuration.listeners.flatMap { listener -> [CallbackEndpoint] in
            if case .callbacks(let endpoints) = listener.endpoints { endpoints } else { [] }
        }
        let known =
            all.isEmpty ? "there is none" : "there are \(all.map(\.path).joined(separator: ", "))"
        if let name = callback.endpoint {
            if let named = all.first(where: { $0.path == name || $0.id == name }) { return named }
            refuse(callback, "there is no callback endpoint `\(name)`; \(known)")
            return nil
        }
        if callback.url != nil, let path = sent.path {
            if let taker = all.first(where: { $0.pattern.takes(sentPath: path, of: $0.path) }) {
                return taker
            }
            let text = String(decoding: path, as: UTF8.self)
            refuse(callback, "there is no callback endpoint `\(text)`; \(known)")
            return nil
        }
        guard all.count == 1 else {
            refuse(callback, "`endpoint` must say which one is meant; \(known)")
            return nil
        }
        return all[0]
    }

    private mutating func refuse(_ callback: RehearsalScript.Callback, _ reason: String) {
        differs("the callback at \(callback.position.description) is refused: \(reason)")
        isStopped = true
    }
}
