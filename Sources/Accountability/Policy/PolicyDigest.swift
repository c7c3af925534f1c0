import Crypto
import Foundation

/// The digests by which texts and rules are named, pinned and accepted.
package enum PolicyDigest {
    /// SHA-256 of a text's bytes, in hexadecimal.
    package static func of(_ text: String) -> String { of(Data(text.utf8)) }

    static func of(_ bytes: Data) -> String {
        SHA256.hash(data: bytes)
            .map { byte in
                let text = String(byte, radix: 16)
                return byte < 16 ? "0" + text : text
            }
            .joined()
    }

    /// Of all that binds in a rule: its examples and cases can grow without another version: they
    /// show what it says and do not change it.
    package static func of(_ rule: PolicyRule) -> String {
        let list: ([String]) -> CanonicalJSON = { .array($0.map { .string($0) }) }
        let content: CanonicalJSON = .object([
            "rule": .string(rule.reference.description),
            "title": .string(rule.title),
            "text": .string(rule.text),
            "interest": .string(rule.interest.rawValue),
            "of": .string(rule.holders),
            "purpose": .string(rule.purpose),
            "effect": .string(rule.effect),
            "severity": .array([
                .integer(rule.severity.lowerBound), .integer(rule.severity.upperBound),
            ]),
            "allowedMeasures": list(rule.allowedMeasures.map(\.rawValue).sorted()),
            "longestDays": .integer(rule.longestDays),
            "evidenceStandard": .string(rule.evidenceStandard.rawValue),
            "evidence": .string(rule.evidence),
            "elements": list(rule.elements.flatMap { [$0.text, $0.predicate.text] }),
            "defences": list(rule.defences.flatMap { [$0.text, $0.predicate.text] }),
        ])
        // Texts and small whole numbers: nothing that the form has no place for.
        return of((try? content.bytes()) ?? Data())
    }
}
