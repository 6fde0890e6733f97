internal import Documents
internal import JSONWire

extension TemplateCompiler {
    /// Compiles a string.
    mutating func string(_ text: String, _ node: Node) -> Form? {
        var reader = StringReader(
            Parser(TextMap(text, of: node), context: context, bindsItem: bindsItem)
        )
        reader.read()
        for problem in reader.problems {
            report(
                problem.message,
                at: problem.position,
                suggestion: problem.suggestion,
                length: problem.length
            )
        }
        report(unset: reader.parser.unset)
        for (message, position) in reader.parser.assumed {
            diagnostics.assumed(message, at: position, keyPath: context.keyPath)
        }
        guard reader.problems.isEmpty,
            context.unsetEnvironmentIsNote || reader.parser.unset.isEmpty
        else { return nil }
        collected.hints += reader.parser.hints
        adviseOfPaths(reader.pieces, node)
        adviseOfBraces(text, node)
        return form(of: reader.pieces, node)
    }

    private func report(unset: [UnsetName]) {
        for missing in unset {
            let message = missing.message
            let position = missing.position
            guard context.unsetEnvironmentIsNote else {
                let secrets = missing.isSecret ? context.secrets.keys.sorted() : []
                diagnostics.error(
                    message,
                    at: position,
                    keyPath: context.keyPath,
                    suggestion: NearestName.suggest(missing.name, among: secrets)
                        .map { "${secret.\($0)}" }
                )
                continue
            }
            let isKnown = diagnostics.all.contains {
                $0.noteKind == .absent && $0.message == message
            }
            if isKnown { continue }
            var note = Diagnostic(
                .note,
                at: position,
                keyPath: context.keyPath,
                message: message,
                noteKind: .absent
            )
            note.what = missing.isSecret ? "secret" : "environment variable"
            note.name = missing.name
            diagnostics.report(note)
        }
    }

    private mutating func form(of pieces: [Form.Piece], _ node: Node) -> Form? {
        guard let settled = settled(pieces) else { return nil }
        for piece in settled {
            piece.expression.forEachLeaf { leaf in
                if case .reference(let reference) = leaf {
                    collected.references.append(reference)
                }
            }
        }
        if collectsTexts {
            collected.texts += URLText.readings(
                settled,
                at: node.position,
                keyPath: context.keyPath
            )
        }
        if settled.count == 1, let only = settled.first {
            if let constant = only.expression.constant {
                let isText = only.source.isEmpty
                return .constant(isText ? .string(TextForm.text(of: constant)) : constant)
            }
            return .expression(only)
        }
        return Self.text(settled)
    }

    /// The pieces, with those computed that need no scope; nil where one of them fails, which is reported.
    private func settled(_ pieces: [Form.Piece]) -> [Form.Piece]? {
        var settled: [Form.Piece] = []
        var isComplete = true
        for piece in pieces {
            guard piece.expression.constant == nil, piece.expression.isClosed else {
                settled.append(piece)
                continue
            }
            do throws(EvaluationError) {
                let value = try piece.value(nil) { _ throws(EvaluationError) in .null }
                settled.append(Form.Piece(expression: .constant(value), source: piece.source))
            } catch {
                report(error.message, at: error.position)
                isComplete = false
            }
        }
        return isComplete ? settled : nil
    }

    /// Text of several pieces, with neighbours joined that are known.
    private static func text(_ pieces: [Form.Piece]) -> Form {
        var joined: [Form.Piece] = []
        var known = ""
        for piece in pieces {
            if let constant = piece.expression.constant {
                known += TextForm.text(of: constant)
                continue
            }
            if !known.isEmpty { joined.append(literal(known)) }
            known = ""
            joined.append(piece)
        }
        if joined.isEmpty { return .constant(.string(known)) }
        if !known.isEmpty { joined.append(literal(known)) }
        return .text(joined)
    }

    private static func literal(_ text: String) -> Form.Piece {
        Form.Piece(expression: .constant(.string(text)), source: "")
    }
}
