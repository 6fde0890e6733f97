/// A key that ``WaiterTable/prepare(channel:key:)`` has worked out the place of.
package struct PreparedKey {
    let form: KeyForm
    let channel: Channel
}
