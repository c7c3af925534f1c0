import Accountability
import Foundation
import Metadata
import Testing

/// Clocks, roles and what is never withheld, as the process policy has them.
@Suite struct HandlingPolicyTests {
    private func problems(_ old: String, _ new: String) throws -> [String] {
        let files = try ShippedPolicies.files().map { file in
            guard file.path == "process/handling.yaml" else { return file }
            try #require(file.text.contains(old))
            return MetadataPackage.File(
                path: file.path,
                text: file.text.replacingOccurrences(of: old, with: new)
            )
        }
        return PolicyChecks(try PolicyLibrary.read(files)).problems().map(\.message)
    }

    @Test("an operator cannot be slower or harsher than the bounds of the program")
    func bounds() throws {
        #expect(
            try problems("acknowledge a concern, days: 7", "acknowledge a concern, days: 8")
                == ["`acknowledge a concern` is at most 168 hours, not 192"]
        )
        #expect(
            try problems(
                "notice before ordinary effect, days: 30",
                "notice before ordinary effect, days: 29"
            )
                == ["`notice before ordinary effect` is at least 720 hours, not 696"]
        )
        #expect(
            try problems("length of an emergency, hours: 72", "length of an emergency, hours: 73")
                == ["`length of an emergency` is at most 72 hours, not 73"]
        )
    }

    @Test("it can be faster and more patient")
    func better() throws {
        #expect(try problems("triage, days: 14", "triage, days: 3") == [])
        #expect(try problems("appeal open, days: 183", "appeal open, days: 400") == [])
    }

    @Test("every clock is there")
    func complete() throws {
        #expect(
            try problems(
                "  - { clock: decision, days: 90, onMiss: The reason for the delay is published. }"
                    + "\n",
                ""
            )
                == ["`decision` has no clock"]
        )
    }

    @Test("the list of what is never withheld is the program's, no less and no more")
    func never() throws {
        #expect(
            try problems("  - export everything\n", "")
                == ["the program and this list do not agree on: export everything"]
        )
        #expect(
            try problems("  - export everything\n", "  - export everything\n  - predict\n")
                == ["the program and this list do not agree on: predict"]
        )
    }
}

/// How hard a text is to read.
@Suite struct ReadingGradeTests {
    @Test("a sentence counts its words and their syllables")
    func counts() {
        let grade = ReadingGrade(of: "The cat sat on the mat.")
        #expect((grade.words, grade.sentences, grade.syllables) == (6, 1, 6))
        #expect(abs(grade.years - (0.39 * 6 + 11.8 - 15.59)) < 0.000_1)
    }

    @Test("headings and items of lists are sentences of their own")
    func markdown() {
        let grade = ReadingGrade(of: "# One thing\n\n- two things\n- three things\n\nThe end")
        #expect(grade.sentences == 4)
        #expect(grade.words == 8)
    }

    @Test("a sentence over several lines is one")
    func wrapped() {
        #expect(ReadingGrade(of: "A line\nand one more\nof the same.").sentences == 1)
    }

    @Test("a text without words asks for nothing")
    func empty() { #expect(ReadingGrade(of: "# \n\n- 12\n").years == 0) }

    @Test("longer words and sentences ask for more")
    func harder() {
        let easy = ReadingGrade(of: "We do not read your mail. We tell you why.").years
        let hard = ReadingGrade(
            of: "Notwithstanding aforementioned considerations, proportionality necessitates "
                + "individualised determinations."
        ).years
        #expect(easy < 3)
        #expect(hard > 20)
    }
}

/// Words that no rule may contain.
@Suite struct ViewpointTermTests {
    @Test("camps, creeds and words that mean anything are found as whole words")
    func found() {
        #expect(ViewpointTerms.first(in: "Posts by Muslims and others.") == "muslims")
        #expect(ViewpointTerms.first(in: "Otherwise objectionable content") == "objectionable")
        #expect(ViewpointTerms.first(in: "what harms national honour,") == "national honour")
        #expect(ViewpointTerms.first(in: "a Right-Wing group") == "right-wing")
    }

    @Test("the kinds of what law protects can be named, and words within words are none")
    func free() {
        #expect(ViewpointTerms.first(in: "faith or none, opinion, union and origin") == nil)
        #expect(ViewpointTerms.first(in: "liberality, sectors and cultures") == nil)
    }
}
