/// Puts what is known at load, such as the environment, into the text of a setting that is fixed at load.
///
/// Takes the value, its key path and where findings go; gives nil where there is no value, which it has reported.
package typealias SettingFilling = @Sendable (Node, String, Diagnostics) -> Node?
