import Kernel
import Metadata
import Testing

/// How alike words and texts are.
@Suite struct SimilarityTests {
    private func letters(_ text: String) -> [Unicode.Scalar] { Array(text.unicodeScalars) }

    private static let measures:
        [(name: String, of: @Sendable ([Unicode.Scalar], [Unicode.Scalar]) -> Double)] = [
            ("Jaro-Winkler", { Similarity.jaroWinkler($0, $1) }),
            ("edits", { Similarity.edits($0, $1) }),
            ("keyboard", { Similarity.keyboard($0, $1) }),
            ("n-grams", { Similarity.nGrams($0, $1) }),
        ]

    /// Words of few letters, so that pairs of them have something in common.
    private func word(_ random: inout SeededRandom) -> String {
        let alphabet = Array("abcéß日 1")
        let length = Int(random.next() % 9)
        return String((0..<length).map { _ in alphabet[Int(random.next() % 8)] })
    }

    @Test("every measure is symmetric, within 0 and 1, and 1 for what is equal")
    func laws() {
        var random = SeededRandom(seed: 7)
        for _ in 0..<500 {
            let (one, other) = (letters(word(&random)), letters(word(&random)))
            for (name, measure) in SimilarityTests.measures {
                let likeness = measure(one, other)
                #expect((0...1).contains(likeness), "\(name) of \(one) and \(other)")
                #expect(likeness == measure(other, one), "\(name) of \(one) and \(other)")
                #expect(measure(one, one) == 1, "\(name) of \(one)")
                if likeness == 1 { #expect(one == other || name == "n-grams") }
            }
        }
    }

    @Test("words in any order are aligned, the same either way")
    func alignment() {
        var random = SeededRandom(seed: 11)
        for _ in 0..<500 {
            let one = (0..<(random.next() % 4)).map { _ in letters(word(&random)) }
            let other = (0..<(random.next() % 4)).map { _ in letters(word(&random)) }
            let likeness = Similarity.alignment(one, other)
            #expect((0...1).contains(likeness))
            #expect(likeness == Similarity.alignment(other, one))
        }
        let names = [letters("acme"), letters("tools")]
        #expect(Similarity.alignment(names, names.reversed()) == 1)
    }

    @Test("known pairs have the values that the literature gives them")
    func knownPairs() {
        func near(_ value: Double, _ expected: Double) -> Bool { abs(value - expected) < 0.001 }
        #expect(near(Similarity.jaroWinkler(letters("martha"), letters("marhta")), 0.961))
        #expect(near(Similarity.jaroWinkler(letters("dixon"), letters("dicksonx")), 0.813))
        #expect(near(Similarity.jaroWinkler(letters("dwayne"), letters("duane")), 0.84))
        #expect(near(Similarity.edits(letters("kitten"), letters("sitting")), 1 - 3.0 / 7))
        // A swap of neighbours is one mistake, and a neighbouring key half a one.
        #expect(near(Similarity.edits(letters("form"), letters("from")), 0.75))
        #expect(near(Similarity.keyboard(letters("cat"), letters("cst")), 1 - 0.5 / 3))
        #expect(near(Similarity.keyboard(letters("cat"), letters("cmt")), 1 - 1.0 / 3))
        #expect(Similarity.edits(letters("東京都"), letters("東京市")) > 0.6)
    }

    @Test("a long text costs no more than its beginning")
    func longTexts() {
        let long = letters(String(repeating: "ab", count: 50_000))
        #expect(Similarity.edits(long, long) == 1)
        #expect(Similarity.jaroWinkler(long, long) == 1)
        #expect(Similarity.nGrams(long, long) == 1)
    }

    @Test(
        "words that sound alike have one code",
        arguments: [
            ("smith", "smyth"), ("catherine", "katherine"), ("philip", "filip"),
            ("knight", "night"), ("jon", "john"), ("meyer", "mayer"), ("schmidt", "schmitt"),
            ("stephen", "stefen"), ("wright", "rite"), ("brown", "browne"),
        ]
    )
    func sounds(_ pair: (String, String)) {
        #expect(Metaphone.code(letters(pair.0)) == Metaphone.code(letters(pair.1)))
        #expect(!Metaphone.code(letters(pair.0)).isEmpty)
    }

    @Test("words that sound different have different codes, and other alphabets have none")
    func otherSounds() {
        #expect(Metaphone.code(letters("smith")) != Metaphone.code(letters("schmidt")))
        #expect(Metaphone.code(letters("baker")) != Metaphone.code(letters("packer")))
        #expect(Metaphone.code(letters("smith")) == "SM0")
        #expect(Metaphone.code(letters("катя")) == "")
        #expect(Metaphone.code([]) == "")
    }

    @Test("a metaphone is made of any letters")
    func anyLetters() {
        var random = SeededRandom(seed: 3)
        for _ in 0..<500 {
            let word = (0..<(random.next() % 12)).map { _ in
                Unicode.Scalar(UInt8(97 + random.next() % 26))
            }
            #expect(Metaphone.code(word).utf8.allSatisfy { $0 < 0x80 })
        }
    }
}

/// Texts as matching sees them.
@Suite struct MatchTextTests {
    @Test(
        "case, accents, width and blanks make no difference",
        arguments: [
            ("  José   GARCÍA ", "jose garcia"), ("Straße", "strasse"), ("ＡＢＣ", "abc"),
            ("ﬁnal", "final"), ("Łódź", "lodz"), ("Ørsted", "orsted"), ("İstanbul", "istanbul"),
            ("ΟΔΥΣΣΕΥΣ", "οδυσσευσ"), ("Cafe\u{301}", "cafe"),
        ]
    )
    func folded(_ pair: (String, String)) {
        #expect(MatchText.folded(pair.0) == pair.1)
        #expect(MatchText.folded(pair.1) == pair.1)
    }

    @Test("words are runs of letters and digits, in every script")
    func words() {
        func words(_ text: String) -> [String] {
            MatchText.words(text).map { MatchText.string($0) }
        }
        #expect(words("O'Brien & Söhne, Ltd.") == ["obrien", "sohne", "ltd"])
        #expect(words("東京 タワー") == ["東京", "タワー"])
        #expect(words("नमस्ते") == ["नमस्ते"])
        #expect(words(" -- ") == [])
    }

    @Test("addresses of one box are one")
    func mail() {
        #expect(
            EmailAddress.normalized("A.da+news@GoogleMail.com")
                == EmailAddress.normalized("ada@gmail.com")
        )
        #expect(
            EmailAddress.normalized("a.da@x.example") != EmailAddress.normalized("ada@x.example")
        )
    }

    @Test("phone numbers are compared by their digits")
    func phones() throws {
        func likeness(_ one: String, _ other: String) throws -> Double {
            let (a, b) = (try #require(PhoneDigits(one)), try #require(PhoneDigits(other)))
            #expect(PhoneDigits.likeness(a, b) == PhoneDigits.likeness(b, a))
            return PhoneDigits.likeness(a, b)
        }
        #expect(try likeness("(555) 123-4567", "555.123.4567 x12") == 100)
        #expect(try likeness("+1 555 123 4567", "5551234567") == 95)
        #expect(try likeness("+44 20 7946 0958", "020 7946 0958") >= 90)
        #expect(try likeness("555 123 4567", "555 123 9999") == 90)
        #expect(try likeness("555 123 4567", "777 123 4567") < 80)
        #expect(PhoneDigits("ext. 12") == nil)
        #expect(PhoneDigits("٥٥٥١٢٣٤٥٦٧")?.all == "5551234567")
    }

    @Test("forms of one first name are known")
    func nicknames() {
        #expect(Nicknames.areForms("bob", "robert"))
        #expect(Nicknames.areForms("liz", "elizabeth"))
        #expect(Nicknames.areForms("hans", "johann"))
        #expect(!Nicknames.areForms("bob", "bill"))
        #expect(Nicknames.areForms("xanthippe", "xanthippe"))
    }
}
