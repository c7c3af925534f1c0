package import Foundation
import UseMeter

/// What the operator knows, and does not know, of one org's use of one product: the answer in place
/// of "we are not aware".
///
/// Made from declarations and snapshots, which are named with their digests, so that anybody who
/// has them can make it again. It says what was not looked at, and that it was not.
package struct KnownStatement: Sendable, Hashable {
    /// What is asked.
    package let question: String
    package let org: String
    package let product: String
    /// `2026-11-24`.
    package let date: String
    /// All of the org's declarations for the product, those that have ended too.
    package let declarations: [DeclaredUse]
    /// The snapshots that were looked at, the earliest first.
    package let snapshots: [UseSnapshot]
    /// What the latest of them shows beside the declarations in force.
    package let features: [String: UseFeature]

    /// - Parameters:
    ///   - declarations: the org's, for whatever products.
    ///   - snapshots: the org's, of whatever days.
    package init(
        question: String,
        org: String,
        product: String,
        date: String,
        declarations: [DeclaredUse],
        snapshots: [UseSnapshot]
    ) {
        self.question = question
        self.org = org
        self.product = product
        self.date = date
        self.declarations = declarations.filter { $0.product == product }
            .sorted { $0.name < $1.name }
        self.snapshots = snapshots.filter { $0.org == org && $0.date <= date }
            .sorted { $0.day < $1.day }
        let latest = self.snapshots.last
        let earlier = self.snapshots.last {
            $0.day <= (latest?.day ?? 0) - Int32(UseSnapshot.days)
        }
        features = RegisterFeatures.vector(
            declarations: self.declarations,
            snapshot: latest,
            earlier: earlier,
            on: date
        )
        .filter { KnownStatement.concerns(product, $0.key) }
    }

    /// What nobody looked at for this statement; there is no way in the program to do so for it.
    package static let notLookedAt = [
        "records and their fields", "files and attachments", "mails and messages",
        "what was searched for or asked", "what single users did",
        "names of the org's own objects, fields, flows, clients and hosts",
    ]

    /// Whether a feature is of the product, or of the org as a whole; other products' are left out.
    private static func concerns(_ product: String, _ feature: String) -> Bool {
        RegisterVocabulary.products.union([RegisterVocabulary.other])
            .allSatisfy { other in
                other == product
                    || !feature.contains(".\(other).")
                        && !feature.hasSuffix("data.\(other)")
            }
    }

    /// Why less is known than could be.
    package var gaps: [String] {
        var gaps: [String] = []
        if declarations.isEmpty { gaps.append("the org has declared no use of this product") }
        let stale = declarations.filter { $0.isInForce && !$0.isCurrent(on: date) }
        if !stale.isEmpty {
            gaps.append("to be attested again: \(stale.map(\.name).joined(separator: ", "))")
        }
        let sealed = declarations.filter(\.isSealed)
        if !sealed.isEmpty {
            gaps.append(
                "sealed, so that only its product is known here: "
                    + sealed.map(\.name).joined(separator: ", ")
            )
        }
        guard let latest = snapshots.last else { return gaps + ["there is no snapshot of the org"] }
        if latest.date < date { gaps.append("nothing is known of the days after \(latest.date)") }
        if latest.completeness < 10_000 {
            gaps.append("\(latest.completeness) of 10 000 parts of the time were counted")
        }
        if features["observed.band.predictions"] == nil {
            gaps.append("nothing is known of predictions")
        }
        gaps.append(
            "whether what is declared is true; the register sees definitions and bands only"
        )
        return gaps
    }
}

// MARK: - As bytes, and as text

extension KnownStatement {
    /// What is signed.
    package func bytes() throws -> Data {
        try CanonicalJSON.object([
            "form": .integer(1), "question": .string(question), "org": .string(org),
            "product": .string(product), "date": .string(date),
            "declarations": .array(
                declarations.map { declaration in
                    .object([
                        "name": .string(declaration.name),
                        "version": .integer(declaration.version),
                        "category": .string(declaration.category),
                        "isCurrent": .boolean(declaration.isCurrent(on: date)),
                    ])
                }
            ),
            "snapshots": .array(
                try snapshots.map { snapshot in
                    .object([
                        "date": .string(snapshot.date), "digest": .string(try snapshot.digest()),
                    ])
                }
            ),
            "known": .object(features.mapValues(\.json)),
            "notKnown": .array(gaps.map { .string($0) }),
            "notLookedAt": .array(KnownStatement.notLookedAt.map { .string($0) }),
        ]).bytes()
    }

    /// For people; it says the same as the bytes.
    package var text: String {
        var lines = [
            "Question: \(question)", "Org \(org), product \(product), as of \(date).", "",
            "Declared:",
        ]
        lines += declarations.map { declaration in
            let state = declaration.isCurrent(on: date) ? "current" : "not current"
            let category = declaration.category.isEmpty ? "sealed" : declaration.category
            return "- \(declaration.name), version \(declaration.version): \(category), \(state)"
        }
        if declarations.isEmpty { lines.append("- nothing") }
        lines += ["", "Seen:"]
        lines += features.sorted { $0.key < $1.key }.map {
            "- \($0.key): \(line($0.key, $0.value))"
        }
        if let first = snapshots.first, let last = snapshots.last {
            lines.append(
                "- in \(snapshots.count) daily snapshots from \(first.date) to \(last.date)"
            )
        }
        lines += ["", "Not known:"] + gaps.map { "- \($0)" }
        lines += ["", "Not looked at:"] + KnownStatement.notLookedAt.map { "- \($0)" }
        return lines.joined(separator: "\n") + "\n"
    }

    private func line(_ name: String, _ feature: UseFeature) -> String {
        guard name.hasPrefix("observed.band."), let number = feature.number else {
            return feature.text
        }
        return UseBand(number: number).text
    }
}
