/// `sluice send callback`.
enum SendCallbackCommand {
    static let command = Program.Command(
        name: "send callback",
        usage: "URL|ENDPOINT [-d JSON] [-H 'NAME: VALUE']… [--sign KIND --secret SECRET]",
        summary: "Send a callback, as a service does when its work is done",
        options: SendCommands.options + ConfigurationLoading.options,
        notes: """
            ENDPOINT is an endpoint of the configuration: its path, or its id. It is sent to this machine.
            Exit code 0: the answer is 2xx.
            """
    ) { SendCommands.send($0, isTrigger: false) }
}
