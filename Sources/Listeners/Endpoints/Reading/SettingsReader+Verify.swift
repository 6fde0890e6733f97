package import Documents
package import Verification

extension SettingsReader {
    /// Reads `verify`, which says who may send; a map, or the name of one under `verifiers`.
    ///
    /// - Parameters:
    ///   - verifiers: What reads it, and knows the named ones.
    ///   - inherited: What holds where the key is missing.
    /// - Returns: The verifier; nil where there is none, or it is wrong, which is reported.
    package mutating func verifier(
        _ verifiers: VerifierReader,
        inherited: Verifier? = nil
    ) -> Verifier? {
        note(EndpointKeys.verify.name)
        guard let entry = entries.first(where: { $0.key == EndpointKeys.verify.name }) else {
            return inherited
        }
        guard !entry.value.isNull else {
            // A key without a value was meant to be one: to let everybody in would be the wrong reading.
            error(
                "nothing stands under `verify`, expected a map such as `{ preset: github, secret: … }` or the name of a "
                    + "verifier",
                at: entry.keyPosition,
                key: EndpointKeys.verify.name
            )
            return nil
        }
        return verifiers.read(entry.value, keyPath: path(EndpointKeys.verify.name))
    }
}
