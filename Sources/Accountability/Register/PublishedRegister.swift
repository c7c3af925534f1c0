/// The register of all orgs as the log has it of a day.
package struct PublishedRegister: Hashable, Sendable {
    package let register: PublicRegister
    package let coverage: RegisterCoverage?
    /// One hash over the snapshots of all orgs, in base64.
    package let root: String

    package init(register: PublicRegister, coverage: RegisterCoverage?, root: String) {
        self.register = register
        self.coverage = coverage
        self.root = root
    }

    /// - Returns: `nil` for a root without a register, as strangers may publish one.
    init?(_ content: [String: CanonicalJSON]) {
        guard let register = PublicRegister(content["register"]),
            case .string(let root)? = content["root"]
        else { return nil }
        self.init(
            register: register,
            coverage: RegisterCoverage(content["coverage"]),
            root: root
        )
    }

    /// The content of the entry `snapshot-root`.
    func content(at moment: String) -> [String: CanonicalJSON] {
        var content: [String: CanonicalJSON] = [
            "day": .string(UseSnapshot.date(register.day)), "at": .string(moment),
            "root": .string(root), "register": register.json,
        ]
        if let coverage { content["coverage"] = coverage.json }
        // Of few orgs not even the number is told.
        if let orgs = register.orgs { content["orgs"] = .integer(orgs) }
        return content
    }
}
