import Kernel
import Metadata

/// Cases to be saved, each with a text of some length.
enum DraftCase {
    private static let text =
        "The lamp at the corner of the school flickers at night, and it has done so for a week."

    static func draft(_ number: Int) -> RecordDraft {
        RecordDraft(
            object: "Case",
            values: [
                "Subject": .string("Street light out, report \(number)"),
                "Description": .string(text), "Status": "New", "Priority": "Medium",
                "Origin": "Web",
            ]
        )
    }

    static func json(_ number: Int) -> String {
        """
        {"Subject": "Street light out, report \(number)", "Description": "\(text)", \
        "Status": "New", "Priority": "Medium", "Origin": "Web"}
        """
    }

    static func csv(_ count: Int) -> String {
        "Subject,Description,Status,Priority,Origin\n"
            + (0..<count).map { "\"Street light out, report \($0)\",\"\(text)\",New,Medium,Web" }
            .joined(separator: "\n")
    }
}
