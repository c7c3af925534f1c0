import ArgumentParser
import Foundation
import Kernel
import Metadata

/// `steward deploy`: installs or renews a metadata package.
struct DeployCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deploy",
        abstract: "Installs or renews a metadata package, and shows what that changes."
    )

    @Argument(help: "The package's folder.")
    var path: String

    @Flag(name: .long, help: "Only show the plan; change nothing.")
    var check = false

    @Flag(name: .long, help: "Go on where stored values would be lost.")
    var allowDataLoss = false

    @OptionGroup var orgOptions: OrgOptions
    @OptionGroup var dataOptions: DataOptions

    func run() async throws {
        let reader = try await dataOptions.reader()
        let composition = try await Composition(DataFolder(url: dataOptions.folder(reader)))
        let org = try await composition.org(orgOptions.org)
        let files = try PackageFolder.files(URL(fileURLWithPath: path, isDirectory: true))
        do {
            let plan = try await composition.deployment.plan(files, in: org.id)
            DeployCommand.show(plan, org)
            if check { return }
            guard allowDataLoss || !plan.losesData else {
                throw ValidationError(
                    "nothing was changed: stored values would be lost; say --allow-data-loss to go on"
                )
            }
            guard !plan.isEmpty else { return }
            _ = try await composition.deployment.apply(
                files,
                in: org.id,
                as: try await composition.administrator(of: org),
                allowDataLoss: allowDataLoss
            )
        } catch let problems as PackageProblems {
            throw ValidationError("the package has problems:\n\(problems)")
        }
        try composition.folder.noteChange()
        await composition.close()
        Output.line("done")
    }

    private static func show(_ plan: DeployPlan, _ org: OrgEntry) {
        Output.line("package \(plan.package) \(plan.version) in the org \(org.slug)")
        if plan.isEmpty { Output.line("  nothing changes") }
        for line in plan.changes { Output.line("  \(line.mark.rawValue) \(line.text)") }
        for step in plan.steps {
            Output.line("    \(step.losesData ? "LOSES DATA: " : "")\(step.sentence)")
        }
    }
}
