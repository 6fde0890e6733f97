/// A key that ``WaiterTable/seek(channel:key:)`` has worked out the place of.
package struct SoughtKey {
    let form: KeyForm
    let channel: Channel
}
