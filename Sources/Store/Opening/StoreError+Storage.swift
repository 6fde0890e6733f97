internal import Storage

extension StoreError {
    /// What SQLite refused, as the store tells it.
    init(_ error: StorageError) {
        let kind: Kind =
            switch error.kind {
            case .busy: .busy
            case .full: .full
            case .io, .readOnly: .io
            case .cannotOpen: .cannotOpen
            case .corrupt, .notADatabase: .corrupt
            case .newerSchema: .newerVersion
            case .tooSlow: .tooSlow
            case .constraint, .tooBig, .other: .other
            }
        self.init(kind, error.description)
    }
}
