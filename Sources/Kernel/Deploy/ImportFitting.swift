package import Metadata

/// A package made from another system's metadata, which the org can take.
package struct FittedImport: Sendable {
    package let files: [MetadataPackage.File]
    /// What of the source the package does not have, or has otherwise.
    package let remarks: [ImportRemark]
}

extension Deployment {
    /// How often the package is made anew at most, each time without what the checks refused.
    private static let roundsMax = 100

    /// Makes a package of a project, without what the checks of a deploy would refuse.
    ///
    /// Nothing is changed: the files are deployed like those of any package.
    ///
    /// - Parameters:
    ///   - name: the package's; one that is installed under it is renewed.
    /// - Throws: `PackageProblems` where a problem is with no part of the project.
    package func fit(
        _ project: SalesforceProject,
        name: String,
        label: String,
        version: String = "1.0.0",
        in org: OrgID
    ) async throws -> FittedImport {
        let packages = PackageCache.shared
        return try await records.store.read(org, isBrief: false) { tx in
            let installed = try SnapshotLoading.installed(from: tx).map(packages.package)
            // What was installed later may need what the project brings.
            let before = installed.firstIndex { $0.name == name }.map { Array(installed[..<$0]) }
            let ground = before ?? installed
            let schema = try SchemaAssembler.assemble(
                ground,
                prefixes: try SnapshotLoading.prefixes(from: tx),
                version: 0
            )
            let title = ImportTitle(
                name: name,
                label: label,
                version: version,
                needs: ground.map(\.name)
            )
            var work = SalesforceImport(
                project,
                on: ImportGround(schema: schema, packages: installed.filter { $0.name != name }),
                title: title
            )
            var last = PackageProblems([])
            for _ in 0..<Self.roundsMax {
                let conversion = work.convert()
                do {
                    _ = try DeployChange(conversion.files, packages: packages, tx: tx)
                    return FittedImport(files: conversion.files, remarks: conversion.remarks)
                } catch let problems as PackageProblems {
                    guard work.refuse(problems.problems) else { throw problems }
                    last = problems
                }
            }
            throw last
        }
    }
}
