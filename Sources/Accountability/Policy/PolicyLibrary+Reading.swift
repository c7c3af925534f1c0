package import Metadata

extension PolicyLibrary {
    /// Reads a folder of policies; whether they keep the rules for policies is asked of `problems`.
    ///
    /// - `DOCUMENT/policy.yaml`, with texts `DOCUMENT/*.md` and rules `DOCUMENT/rules/*.yaml`
    /// - `process/handling.yaml`, `products/*.yaml`, `register/*.yaml`
    ///
    /// - Parameter files: by paths within the folder.
    /// - Throws: `PackageProblems`, with all that is wrong.
    package static func read(
        _ files: [MetadataPackage.File]
    ) throws(PackageProblems) -> PolicyLibrary {
        var reading = LibraryReading()
        for file in files where file.path.hasSuffix(".md") { reading.texts[file.path] = file.text }
        for file in files.sorted(by: { $0.path < $1.path }) where !file.path.hasSuffix(".md") {
            reading.read(file)
        }
        guard reading.problems.isEmpty else { throw PackageProblems(reading.problems) }
        return PolicyLibrary(
            documents: reading.documents,
            rules: reading.rules,
            registerRules: reading.registerRules,
            cards: reading.cards,
            handling: reading.handling
        )
    }
}

/// The work of reading: problems are gathered, so that all of them are reported.
private struct LibraryReading {
    var texts: [String: String] = [:]
    var documents: [PolicyDocument] = []
    var rules: [PolicyRule] = []
    var registerRules: [RegisterRule] = []
    var cards: [ProductCard] = []
    var handling: HandlingPolicy?
    var problems: [PackageProblem] = []

    mutating func read(_ file: MetadataPackage.File) {
        let parts = file.path.split(separator: "/").map(String.init)
        switch (parts.first, parts.count, parts.last) {
        case ("products", 2, _):
            guard let map = map(file, ProductCard.shape) else { return }
            cards.append(ProductCard(map, problems: &problems))
            expect(file, "\(map.text("product") ?? "").yaml", map, "product")
        case ("register", 2, _):
            guard let map = map(file, RegisterRule.shape),
                let rule = RegisterRule(map, problems: &problems)
            else { return }
            registerRules.append(rule)
            expect(rule.reference, in: file, map)
        case ("process", 2, "handling.yaml"):
            guard let map = map(file, HandlingPolicy.shape) else { return }
            handling = HandlingPolicy(map, problems: &problems)
        case (_, 2, "policy.yaml"):
            guard let map = map(file, PolicyDocument.shape) else { return }
            documents.append(PolicyDocument(map, texts: texts, problems: &problems))
            if map.text("policy") != parts[0] {
                problems.append(map.problem("its folder is `\(parts[0])`", at: "policy"))
            }
        case (_, 3, _) where parts[1] == "rules":
            guard let map = map(file, PolicyRule.shape),
                let rule = PolicyRule(map, problems: &problems)
            else { return }
            rules.append(rule)
            expect(rule.reference, in: file, map)
        default:
            problems.append(
                PackageProblem(
                    file: file.path,
                    line: 0,
                    column: 0,
                    message: "is no file of a policy: there are DOCUMENT/policy.yaml, "
                        + "DOCUMENT/rules/*.yaml, process/handling.yaml, products/*.yaml and "
                        + "register/*.yaml"
                )
            )
        }
    }

    private mutating func map(_ file: MetadataPackage.File, _ shape: Shape) -> ShapedMap? {
        do {
            return try ShapedMap.read(file, as: shape)
        } catch let error {
            problems += error.problems
            return nil
        }
    }

    /// The present version of a rule lies in `AUP-07.yaml`, an earlier one in `AUP-07@2.yaml`.
    private mutating func expect(
        _ reference: RuleReference,
        in file: MetadataPackage.File,
        _ map: ShapedMap
    ) {
        let name = file.path.split(separator: "/").last.map(String.init) ?? ""
        guard name != "\(reference).yaml" else { return }
        expect(file, "\(reference.id).yaml", map, "rule")
    }

    private mutating func expect(
        _ file: MetadataPackage.File,
        _ name: String,
        _ map: ShapedMap,
        _ key: String
    ) {
        guard !file.path.hasSuffix("/\(name)") else { return }
        problems.append(map.problem("belongs into a file \(name)", at: key))
    }
}
