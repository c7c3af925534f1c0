import Foundation
import Gateway
import Kernel
import Language
import Metadata
import Testing

@testable import RESTAPI

/// Pages that are generated from the code and kept in the repository, so that they are read there.
///
/// `STEWARD_GOLDEN=rewrite` writes them anew.
@Suite struct GeneratedDocumentsTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private func check(_ path: String, _ text: String) throws {
        let url = Self.root.appending(path: path)
        if ProcessInfo.processInfo.environment["STEWARD_GOLDEN"] == "rewrite" {
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: url)
        }
        let kept = try? String(contentsOf: url, encoding: .utf8)
        #expect(kept == text, "\(path) is stale: run ./dev golden")
    }

    @Test("the JSON Schemas of metadata files are those of the shapes")
    func schemas() throws {
        try check("docs/schema/package.json", text(Shapes.package))
        for (folder, shape) in Shapes.byFolder {
            try check("docs/schema/\(folder).json", text(shape))
        }
    }

    private func text(_ shape: Shape) -> String {
        String(decoding: shape.jsonSchema, as: UTF8.self)
    }

    @Test("every function of formulas is documented with what it takes and gives")
    func functions() throws {
        var lines = [
            "# Functions of formulas", "",
            "What formulas can call, with what each gives; names are read in any case.",
            "[Formulas](formulas.md) tells the rest of the language.",
        ]
        for section in FormulaSignature.Section.allCases {
            lines += ["", "## \(section.rawValue)", "", "| | gives | |", "|---|---|---|"]
            let functions = FormulaFunction.allCases.filter { $0.signature.section == section }
            for function in functions.sorted(by: { $0.rawValue < $1.rawValue }) {
                let signature = function.signature
                let gives =
                    signature.result == .null ? "its arguments' type" : signature.result.title
                let summary = signature.summary.replacing("|", with: "\\|")
                lines.append("| `\(signature.form)` | \(gives) | \(summary) |")
            }
        }
        lines += ["", "## Refused", "", "| | why |", "|---|---|"]
        for (name, reason) in FormulaFunction.refused {
            lines.append("| `\(name)` | \(reason) |")
        }
        try check("docs/metadata/formula-functions.md", lines.joined(separator: "\n") + "\n")
    }

    @Test("every error code is documented with its status")
    func errors() throws {
        var lines = [
            "# Errors", "",
            "Every error is an element of a JSON array: `message`, `errorCode`, and `fields` where",
            "fields are at fault. Clients match on the code; the message is for people and may improve.",
            "", "| code | HTTP status |", "|---|---|",
        ]
        for code in RecordError.Code.allCases.sorted(by: { $0.rawValue < $1.rawValue }) {
            lines.append("| `\(code.rawValue)` | \(ErrorResponses.status(of: code)) |")
        }
        try check("docs/errors.md", lines.joined(separator: "\n") + "\n")
    }
}
