internal import Documents
internal import Expressions
internal import JSONWire

extension PlanCompiler {
    /// A URL of ours in a request.
    struct CarriedURL {
        /// As it is written, without what stands before and behind it.
        let written: String
        let path: String
        /// The port, or the origin where it is a literal.
        let place: String
        /// What yields it in a run, alone or with other text round it.
        let template: Template
        let endpoints: [OwnEndpoint]
        /// Where it is written.
        let keyPath: String
    }

    /// The URLs of our callback endpoints that a request carries, decided on the text alone.
    ///
    /// An address that is one of our own URLs is where the request goes; only what follows in it is carried.
    func ownURLs(_ made: MadeHTTP) -> [CarriedURL] {
        let targets = made.address.flatMap { ownURLs($0.texts, isAddress: true) }
        return unique(targets + made.carrying.flatMap { ownURLs($0.texts) })
    }

    /// The URLs of our callback endpoints in some texts; `reference` yields the texts in a run where they stand in a step's
    /// input, and is nil where they are part of the request.
    func ownURLs(
        _ texts: [URLText],
        isAddress: Bool = false,
        through reference: Reference? = nil
    ) -> [CarriedURL] {
        unique(
            texts.flatMap { text in
                ScannedText.readings(text, settings.gateways).flatMap { scanned in
                    scanned.urls().compactMap { url in
                        if isAddress, url.range.lowerBound == 0 { return nil }
                        return carried(url, scanned, text, reference)
                    }
                }
            }
        )
    }

    /// The same endpoint's URL is one, however often it is written.
    private func unique(_ urls: [CarriedURL]) -> [CarriedURL] {
        var seen: Set<String> = []
        return urls.filter { seen.insert("\($0.keyPath) \($0.written)").inserted }
    }

    private func carried(
        _ url: OwnURL,
        _ scanned: ScannedText,
        _ text: URLText,
        _ reference: Reference?
    ) -> CarriedURL? {
        let endpoints = settings.endpoints.filter { url.leads(to: $0, settings.gateways) }
        guard !endpoints.isEmpty else {
            tellAbsent(url, text)
            return nil
        }
        let first = scanned.pieces[url.range.lowerBound]
        return CarriedURL(
            written: scanned.written(url.range, text),
            path: url.path,
            place: url.place,
            template: reference.map(Template.reference) ?? text.tail(from: first),
            endpoints: endpoints,
            keyPath: text.keyPath
        )
    }

    private func tellAbsent(_ url: OwnURL, _ text: URLText) {
        guard url.isPathKnown, !url.path.isEmpty, url.path != "/" else { return }
        if settings.endpoints.contains(where: { url.decoded.leads(to: $0, settings.gateways) }) {
            return
        }
        var near = settings.endpoints
        if case .gateway(let port) = url.origin {
            guard settings.isFragment || settings.gateways[port] != nil else { return }
            near = near.filter { $0.origins.contains(.gateway(port: port)) }
        } else {
            near = near.filter { url.reaches($0, settings.gateways) }
            guard !near.isEmpty else { return }
        }
        absent(
            "callback endpoint",
            "`\(url.path)` on port \(url.place)",
            at: text.position,
            keyPath: text.keyPath,
            suggestion: NearestName.suggest(url.path, among: near.map(\.path)),
            isWarning: true
        )
    }
}

extension ScannedText {
    /// How a range is written: what only a run tells, gateways and the environment as their expressions.
    func written(_ range: Range<Int>, _ text: URLText) -> String {
        var written = ""
        var place = range.lowerBound
        while place < range.upperBound {
            let piece = pieces[place]
            let end = pieces[place..<range.upperBound].firstIndex { $0 != piece }
            let run = place..<(end ?? range.upperBound)
            if let source = text.source(of: piece) {
                if !written.hasSuffix(source) { written += source }
            } else {
                written += String(String.UnicodeScalarView(scalars[run]))
            }
            place = run.upperBound
        }
        return written
    }
}
