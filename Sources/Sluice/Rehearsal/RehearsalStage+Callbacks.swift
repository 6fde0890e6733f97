internal import Documents
internal import Expressions
internal import HTTPEngine
internal import JSONWire
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
        guard let endpoint = endpoint(callback, path: sent.path) else { return }
        let scope = ListenerScope(
            body: .value(sent.body),
            item: .value(sent.body),
            facts: RequestFacts(
                method: endpoint.methodNames,
                path: sent.path ?? endpoint.path,
                query: sent.query,
                headers: sent.headers,
                time: now
            ),
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
                take(try CallbackReading(one, endpoint: endpoint), endpoint)
            }
        } catch {
            refuse(callback, "\(error.code.rawValue): \(error.detail)")
        }
    }

    private mutating func take(_ reading: CallbackReading, _ endpoint: CallbackEndpoint) {
        let key = String(decoding: reading.key, as: UTF8.self)
        let name = "callback on \(endpoint.path) with the key \(key)"
        guard reading.verdict != .progress else {
            return tell("\(name): still working (\(reading.status ?? ""))")
        }
        let channel = endpoint.channel.number
        let outcome = CallbackRecord(
            key: WaitKey(channel: endpoint.channel, bytes: reading.key),
            status: reading.status,
            result: reading.result,
            hasFailed: reading.verdict == .failure,
            requestID: UUIDv7(time: now, random: (2, 2))
        ).outcome
        let place = waits.firstIndex { wait in
            wait.keys.contains { $0.channel == channel && $0.bytes == reading.key }
        }
        guard let place else {
            held.append((channel, reading.key, outcome))
            return tell("\(name): held, nobody waits for it yet")
        }
        let wait = waits.remove(at: place)
        tell("\(name): resumed \(stepName(wait.attempt, of: wait.run))")
        plan(.event(wait.run, .callback(wait.attempt, outcome)))
    }

    /// The endpoint that is meant: the one named, the one at the callback's path, or the only one.
    private mutating func endpoint(
        _ callback: RehearsalScript.Callback,
        path: String?
    ) -> CallbackEndpoint? {
        let all = configuration.listeners.flatMap { listener -> [CallbackEndpoint] in
            if case .callbacks(let endpoints) = listener.endpoints { endpoints } else { [] }
        }
        let named = callback.endpoint ?? path
        let found = named.map { name in
            all.filter { $0.path == name || $0.id == name }
        }
        let meant = found ?? all
        guard let endpoint = meant.first, meant.count == 1 || found != nil else {
            let known = all.map(\.path).joined(separator: ", ")
            refuse(
                callback,
                named.map {
                    "there is no callback endpoint `\($0)`; there are \(known)"
                }
                    ?? "`endpoint` must say which one is meant: \(known.isEmpty ? "there is none" : known)"
            )
            return nil
        }
        return endpoint
    }

    private mutating func refuse(_ callback: RehearsalScript.Callback, _ reason: String) {
        differs("the callback at \(callback.position.description) is refused: \(reason)")
        isStopped = true
    }
}
