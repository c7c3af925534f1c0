import ArgumentParser
import Foundation
import Kernel
import Metadata
import StoreSQLite

/// `steward webhook`: what webhooks need beside their declaration.
struct WebhookCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webhook",
        abstract: "Sets the secrets that sign webhooks, and enables those that were disabled.",
        subcommands: [WebhookSecret.self, WebhookEnable.self]
    )
}

/// `steward webhook secret`.
struct WebhookSecret: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "secret",
        abstract: "Keeps a secret under a name, sealed; reads it from the standard input."
    )

    @Argument(help: "The name by which a webhook's declaration refers to it.")
    var name: String

    @OptionGroup var orgOptions: OrgOptions
    @OptionGroup var dataOptions: DataOptions

    func run() async throws {
        // Not an argument: those can be read by everyone on the machine.
        guard let secret = readLine(strippingNewline: true), !secret.isEmpty else {
            throw ValidationError("write the secret to the standard input, on a line")
        }
        let reader = try await dataOptions.reader()
        let composition = try await Composition(DataFolder(url: dataOptions.folder(reader)))
        let org = try await composition.org(orgOptions.org)
        let caller = try await composition.operatorCaller(org, because: "steward webhook secret")
        let name = name
        try await composition.records.write(as: caller) {
            try $0.setWebhookSecret(name, secret)
        }
        await composition.close()
        Output.line("the secret `\(name)` is kept, sealed")
    }
}

/// `steward webhook enable`.
struct WebhookEnable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable",
        abstract: "Has a webhook sent again that long failure has disabled."
    )

    @Argument(help: "The webhook's developer name.")
    var name: String

    @OptionGroup var orgOptions: OrgOptions
    @OptionGroup var dataOptions: DataOptions

    func run() async throws {
        let reader = try await dataOptions.reader()
        let composition = try await Composition(DataFolder(url: dataOptions.folder(reader)))
        let org = try await composition.org(orgOptions.org)
        let caller = try await composition.operatorCaller(org, because: "steward webhook enable")
        let name = APIName(name)
        try await composition.records.write(as: caller) { try $0.enableWebhook(name) }
        await composition.close()
        Output.line(
            "the webhook \(name) is sent again; `steward jobs retry` sends what was given up"
        )
    }
}
