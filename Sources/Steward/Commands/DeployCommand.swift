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

    /// What a folder holds, where it is no package.
    enum Origin: String, ExpressibleByArgument, CaseIterable {
        case sfdx
    }

    @Argument(help: "The package's folder, or that of the project named by --from.")
    var path: String

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Make the package of a project in Salesforce's source format.",
            valueName: "sfdx"
        )
    )
    var from: Origin?

    @Option(name: .long, help: "With --from: the package's name; from the project's where missing.")
    var name: String?

    @Option(name: .long, help: "With --from: a folder in which the package is kept.")
    var to: String?

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
        do {
            let files = try await files(for: org, composition)
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

    func validate() throws {
        guard from == nil, name != nil || to != nil else { return }
        throw ValidationError("--name and --to are for what is brought in with --from")
    }

    /// The package's files: those in the folder, or those made of a project.
    private func files(
        for org: OrgEntry,
        _ composition: Composition
    ) async throws -> [MetadataPackage.File] {
        let folder = URL(fileURLWithPath: path, isDirectory: true)
        guard from == .sfdx else { return try PackageFolder.files(folder) }
        let (project, label) = try SalesforceFolder.project(folder)
        let fitted = try await composition.deployment.fit(
            project,
            name: ImportTitle.name(from: name ?? label),
            label: name ?? label,
            in: org.id
        )
        for remark in fitted.remarks { Output.line("\(remark)") }
        let left = fitted.remarks.count { $0.outcome == .leftOut }
        let changed = fitted.remarks.count { $0.outcome == .changed }
        Output.line("\(left) left out, \(changed) changed")
        if let to { try PackageFolder.write(fitted.files, to: URL(fileURLWithPath: to)) }
        return fitted.files
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
