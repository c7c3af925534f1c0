import ArgumentParser

/// The program `steward`.
@main
struct StewardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "steward",
        abstract: "An open, self-hosted CRM platform that answers for how it is used.",
        discussion: """
            A deployment lives in one folder (--data). Every option can also be set in the \
            environment (STEWARD_DATA, STEWARD_HTTP_PORT, …) or in a YAML file (--config, or \
            steward.yaml in the data folder); an option on the command line wins, then the \
            environment, then the file.
            """,
        version: StewardVersion.number,
        subcommands: [
            Serve.self, Demo.self, OrgCommand.self, UserCommand.self, DeployCommand.self,
            QueryCommand.self, LoadCommand.self, ExportCommand.self, BackupCommand.self,
            RestoreCommand.self, DoctorCommand.self, JobsCommand.self, WebhookCommand.self,
            ExplainCommand.self, AccountabilityCommand.self, RestrictionCommand.self,
            LogCommand.self,
        ]
    )
}

enum StewardVersion {
    static let number = "0.1.0"
}
